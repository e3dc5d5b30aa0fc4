import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, createIndexes, type Connection } from '@turno/mongo';
import { createLogger, readConfig, type Outcome, type TicketCreated } from '@turno/shared';
import { z } from 'zod';
import { InboxRepository, inboxModel } from '../src/data-access/inbox-repository.ts';
import { InboxView } from '../src/data-access/inbox-view.ts';
import { PromotionConsentRepository, promotionConsentModel } from '../src/data-access/promotion-consent-repository.ts';
import {
  notifyTicketCreatedUseCase,
  type NotifyTicketCreatedDependencies,
} from '../src/domain/notify-ticket-created.ts';
import { PromotionRules } from '../src/domain/promotion-rules.ts';
import { QuietHours, quietRangesOf } from '../src/domain/quiet-hours.ts';
import { smsRecordModel, type SmsRecordModel } from '../src/data-access/sms-record-model.ts';
import { SmsRecordRepository } from '../src/data-access/sms-record-repository.ts';
import { deliverDueSmsUseCase, type DeliverDueSms } from '../src/domain/deliver-due-sms.ts';
import { deliverSmsUseCase, type DeliverSms, type SmsDelivery } from '../src/domain/deliver-sms.ts';
import { receiveCallbackUseCase, type ReceiveCallback } from '../src/domain/receive-callback.ts';
import { resendSmsUseCase, type ResendSms } from '../src/domain/resend-sms.ts';
import type { SmsDestinations } from '../src/domain/sms-destinations.ts';
import { measured } from '../src/domain/segments.ts';
import type { SmsRecord, SmsRecords } from '../src/domain/sms-record.ts';
import { notificationsModels } from '../src/index.ts';
import { Inbox } from '../src/sms/inbox.ts';
import type { SmsProvider } from '../src/sms/sms-provider.ts';
import { SmsProviders } from '../src/sms/sms-providers.ts';
import { createSmsWriter, textVariables } from '../src/text-config.ts';

const silent = createLogger('spec', 'silent');
const start = new Date('2017-02-20T10:00:00Z');
const writer = await createSmsWriter(readConfig(z.object(textVariables), {}));

export type Notify = (event: TicketCreated) => Promise<Outcome>;

/** How promotions are configured; by default they follow the turn at any hour. */
export interface PromotionSettings {
  readonly promotions?: NotifyTicketCreatedDependencies['promotions'];
  /** As in SMS_QUIET_HOURS. */
  readonly quietHours?: string;
}

/** The use case on a database of its own, with a clock that moves when it is told to. */
export class Notifying {
  readonly servers: Isolated;
  readonly records: SmsRecordRepository;
  readonly inbox: InboxRepository;
  readonly consents: PromotionConsentRepository;
  readonly receiveCallback: ReceiveCallback;
  readonly resend: ResendSms;
  readonly view: InboxView;
  readonly dispose: () => Promise<void>;
  readonly #model: SmsRecordModel;
  now = start;

  private constructor(servers: Isolated, mongo: Connection, dispose: () => Promise<void>) {
    this.servers = servers;
    this.#model = smsRecordModel(mongo);
    this.records = new SmsRecordRepository(this.#model);
    this.inbox = new InboxRepository(inboxModel(mongo));
    this.consents = new PromotionConsentRepository(promotionConsentModel(mongo));
    const clock = () => this.now;
    const { records, consents } = this;
    this.receiveCallback = receiveCallbackUseCase({ records, consents, clock, logger: silent });
    this.resend = resendSmsUseCase({ records, clock });
    this.view = new InboxView({ inbox: this.inbox, records: this.#model, consents: promotionConsentModel(mongo) });
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

  through(provider: SmsProvider, settings: PromotionSettings = {}): Notify {
    return this.#notify(this.records, this.#alone(provider), settings);
  }

  /** With limits on where SMS may go. */
  throughWithin(destinations: SmsDestinations, provider: SmsProvider, records: SmsRecords = this.records): Notify {
    const providers = this.#alone(provider);
    const rules = this.#rules();
    const common = { records, providers, rules, clock: () => this.now, logger: silent };
    const { deliver } = deliverSmsUseCase({ ...common, destinations });
    return notifyTicketCreatedUseCase({ promotions: 'with-turn', rules, writer, records, deliver });
  }

  /** The sweep of due messages, as one instance has it. */
  sweeper(provider: SmsProvider, { quietHours }: PromotionSettings = {}): DeliverDueSms {
    const { resume } = this.#delivery(this.records, this.#alone(provider), this.#rules(quietHours));
    return deliverDueSmsUseCase({ records: this.records, resume, clock: () => this.now });
  }

  /** Without the writing of the text: SMS by SMS. */
  deliveringThrough(provider: SmsProvider): DeliverSms {
    return this.#delivery(this.records, this.#alone(provider)).deliver;
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
    const documents = await this.#model.find().batchSize(5_000).lean();
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
      attempt: 1,
      ...(calledProvider && { provider: calledProvider.name }),
    });
    await calledProvider?.send(sms);
  }

  #notify(
    records: SmsRecordRepository,
    providers: SmsProviders,
    { promotions = 'with-turn', quietHours }: PromotionSettings = {},
  ): Notify {
    const rules = this.#rules(quietHours);
    const { deliver } = this.#delivery(records, providers, rules);
    return notifyTicketCreatedUseCase({ promotions, rules, writer, records, deliver });
  }

  /** The same as the first version left it. */
  async crashHalfWayAsBefore(event: TicketCreated): Promise<void> {
    const { id: _id, subject: ticketId, requestid: requestId } = event;
    const record = { _id, ticketId, requestId, to: event.data.phone!, text: 'Su turno es T2.' };
    await this.#model.collection.insertOne({ ...record, state: 'SENDING', since: this.now } as never);
  }

  #alone(provider: SmsProvider): SmsProviders {
    return new SmsProviders({ first: provider, clock: () => this.now });
  }

  #rules(quietHours?: string): PromotionRules {
    const ranges = quietHours === undefined ? [] : quietRangesOf(quietHours);
    return new PromotionRules({
      consents: this.consents,
      quietHours: new QuietHours(ranges),
      clock: () => this.now,
    });
  }

  #delivery(records: SmsRecordRepository, providers: SmsProviders, rules = this.#rules()): SmsDelivery {
    return deliverSmsUseCase({ records, providers, rules, clock: () => this.now, logger: silent });
  }
}
