import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, createIndexes, type Connection } from '@turno/mongo';
import { createLogger, type Outcome, type TicketCreated } from '@turno/shared';
import { InboxRepository, inboxModel } from '../src/data-access/inbox-repository.ts';
import { PromotionConsentRepository, promotionConsentModel } from '../src/data-access/promotion-consent-repository.ts';
import { SmsRecordRepository, smsRecordModel } from '../src/data-access/sms-record-repository.ts';
import { deliverSmsUseCase, type DeliverSms } from '../src/domain/deliver-sms.ts';
import { notifyTicketCreatedUseCase } from '../src/domain/notify-ticket-created.ts';
import { measured } from '../src/domain/segments.ts';
import type { SmsRecord } from '../src/domain/sms-record.ts';
import { notificationsModels } from '../src/index.ts';
import { Inbox } from '../src/sms/inbox.ts';
import type { SmsProvider } from '../src/sms/sms-provider.ts';
import { SmsProviders } from '../src/sms/sms-providers.ts';

const silent = createLogger('spec', 'silent');
const start = new Date('2017-02-20T10:00:00Z');

export type Notify = (event: TicketCreated) => Promise<Outcome>;

/** The use case on a database of its own, with a clock that moves when it is told to. */
export class Notifying {
  readonly servers: Isolated;
  readonly records: SmsRecordRepository;
  readonly inbox: InboxRepository;
  readonly consents: PromotionConsentRepository;
  readonly dispose: () => Promise<void>;
  readonly #mongo: Connection;
  now = start;

  private constructor(servers: Isolated, mongo: Connection, dispose: () => Promise<void>) {
    this.servers = servers;
    this.#mongo = mongo;
    this.records = new SmsRecordRepository(smsRecordModel(mongo));
    this.inbox = new InboxRepository(inboxModel(mongo));
    this.consents = new PromotionConsentRepository(promotionConsentModel(mongo));
    this.dispose = dispose;
  }

  static async open(label: string): Promise<Notifying> {
    const isolated = await isolateForTest(label);
    const mongo = await connectMongo(isolated.mongoUrl, silent);
    await createIndexes(notificationsModels(mongo));
    return new Notifying(isolated, mongo, async () => {
      await mongo.close();
      await isolated.dispose();
    });
  }

  through(provider: SmsProvider): Notify {
    return this.#notify(this.records, new SmsProviders({ first: provider, clock: () => this.now }));
  }

  /** Without the writing of the text: SMS by SMS. */
  deliveringThrough(provider: SmsProvider): DeliverSms {
    const clock = () => this.now;
    const providers = new SmsProviders({ first: provider, clock });
    return deliverSmsUseCase({ records: this.records, providers, clock, logger: silent });
  }

  /** With a second provider for when the first has been away for a minute. */
  throughOneOf(first: SmsProvider, fallback: SmsProvider): Notify {
    const clock = () => this.now;
    return this.#notify(this.records, new SmsProviders({ first, fallback, fallbackAfterMs: 60_000, clock }));
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
    return this.#notify(records, new SmsProviders({ first: losing, clock: () => this.now }));
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

  /** All records there are, in no order. */
  async allRecords(): Promise<SmsRecord[]> {
    const documents = await smsRecordModel(this.#mongo).find().batchSize(5_000).lean();
    return documents.map(({ _id: key, ...rest }) => ({ key, ...rest }));
  }

  /** A record as a crash leaves it: written, the provider perhaps called, no result. */
  async crashHalfWay(event: TicketCreated, calledProvider?: SmsProvider): Promise<void> {
    const { id: key, subject: ticketId, requestid: requestId } = event;
    const sms = { key, ticketId, purpose: 'turn', to: event.data.phone!, text: 'Su turno es T2.' } as const;
    const now = this.now;
    await this.records.add({
      ...sms,
      ...measured(sms.text),
      requestId,
      state: 'SENDING',
      since: now,
      createdAt: now,
      ...(calledProvider && { provider: calledProvider.name }),
    });
    await calledProvider?.send(sms);
  }

  #notify(records: SmsRecordRepository, providers: SmsProviders): Notify {
    const deliver = deliverSmsUseCase({ records, providers, clock: () => this.now, logger: silent });
    return notifyTicketCreatedUseCase({ consents: this.consents, deliver });
  }
}
