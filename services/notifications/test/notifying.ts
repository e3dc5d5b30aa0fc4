import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, createIndexes } from '@turno/mongo';
import { createLogger, type Outcome, type TicketCreated } from '@turno/shared';
import { InboxRepository, inboxModel } from '../src/data-access/inbox-repository.ts';
import { SmsRecordRepository, smsRecordModel } from '../src/data-access/sms-record-repository.ts';
import { notifyTicketCreatedUseCase } from '../src/domain/notify-ticket-created.ts';
import { notificationsModels } from '../src/index.ts';
import { Inbox } from '../src/sms/inbox.ts';
import type { SmsProvider } from '../src/sms/sms-provider.ts';

const silent = createLogger('spec', 'silent');
const start = new Date('2017-02-20T10:00:00Z');

export type Notify = (event: TicketCreated) => Promise<Outcome>;

/** The use case on a database of its own, with a clock that moves when it is told to. */
export class Notifying {
  readonly servers: Isolated;
  readonly records: SmsRecordRepository;
  readonly inbox: InboxRepository;
  readonly dispose: () => Promise<void>;
  now = start;

  private constructor(
    servers: Isolated,
    records: SmsRecordRepository,
    inbox: InboxRepository,
    dispose: () => Promise<void>,
  ) {
    this.servers = servers;
    this.records = records;
    this.inbox = inbox;
    this.dispose = dispose;
  }

  static async open(label: string): Promise<Notifying> {
    const isolated = await isolateForTest(label);
    const mongo = await connectMongo(isolated.mongoUrl, silent);
    await createIndexes(notificationsModels(mongo));
    const records = new SmsRecordRepository(smsRecordModel(mongo));
    return new Notifying(isolated, records, new InboxRepository(inboxModel(mongo)), async () => {
      await mongo.close();
      await isolated.dispose();
    });
  }

  through(provider: SmsProvider): Notify {
    return notifyTicketCreatedUseCase({ records: this.records, provider, clock: () => this.now, logger: silent });
  }

  /** As an instance has it that loses its database as soon as the provider has answered. */
  async throughUntilTheDatabaseIsLost(provider: SmsProvider): Promise<Notify> {
    const mongo = await connectMongo(this.servers.mongoUrl, silent);
    const records = new SmsRecordRepository(smsRecordModel(mongo));
    const losing: SmsProvider = {
      name: provider.name,
      send: async (sms) => {
        const result = await provider.send(sms);
        await mongo.close();
        return result;
      },
    };
    return notifyTicketCreatedUseCase({ records, provider: losing, clock: () => this.now, logger: silent });
  }

  /** The development inbox as the provider. */
  inboxProvider(): Inbox {
    return new Inbox(this.inbox, () => this.now);
  }

  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1_000);
  }

  /** Brings the event again and again, a second apart, as the broker does, until it is done; says how often. */
  async untilDone(notify: Notify, event: TicketCreated): Promise<number> {
    for (let deliveries = 1; deliveries <= 50; deliveries++) {
      if ((await notify(event)).kind === 'done') return deliveries;
      this.pass(1);
    }
    throw new Error('the event was never done');
  }

  /** A record as a crash leaves it: written, the provider perhaps called, no result. */
  async crashHalfWay(event: TicketCreated, calledProvider?: SmsProvider): Promise<void> {
    const sms = { ticketId: event.subject, to: event.data.phone!, text: 'Su turno es T2.' };
    const since = this.now;
    await this.records.add({ ...sms, eventId: event.id, requestId: event.requestid, state: 'SENDING', since });
    await calledProvider?.send({ key: event.id, ...sms });
  }
}
