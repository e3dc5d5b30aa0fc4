import { isolateForTest } from '@turno/devstack';
import { connectMongo, createIndexes } from '@turno/mongo';
import { notificationsModels, smsRecordModel, SmsRecordRepository, type SmsRecord } from '@turno/notifications';
import { createLogger } from '@turno/shared';

const phone = '+51987776576';
const text = 'Su turno es T2 en Hiper Central.';

/** A migrated database of notifications, named by the environment as for an operator's `turno`. */
export class SmsDatabase {
  readonly records: SmsRecordRepository;
  readonly #model;
  readonly dispose: () => Promise<void>;

  private constructor(model: ReturnType<typeof smsRecordModel>, dispose: () => Promise<void>) {
    this.#model = model;
    this.records = new SmsRecordRepository(model);
    this.dispose = dispose;
  }

  static async open(label: string): Promise<SmsDatabase> {
    const isolated = await isolateForTest(label);
    const connection = await connectMongo(isolated.mongoUrl, createLogger('spec', 'silent'));
    await createIndexes(notificationsModels(connection));
    process.env['NOTIFICATIONS_MONGO_URL'] = isolated.mongoUrl;
    return new SmsDatabase(smsRecordModel(connection), async () => {
      delete process.env['NOTIFICATIONS_MONGO_URL'];
      await connection.close();
      await isolated.dispose();
    });
  }

  /** Adds the SMS of `ticket-1`, or another, a minute old unless told otherwise. */
  async add(changes: Partial<SmsRecord> = {}): Promise<void> {
    const minuteAgo = new Date(Date.now() - 60_000);
    await this.records.add({
      key: 'ticket-1.created',
      ticketId: 'ticket-1',
      requestId: 'request-1',
      purpose: 'turn',
      to: phone,
      text,
      segments: 1,
      encoding: 'GSM-7',
      state: 'FAILED',
      reason: `no such number: ${phone}`,
      since: minuteAgo,
      createdAt: minuteAgo,
      attempt: 1,
      ...changes,
    });
  }

  async empty(): Promise<void> {
    await this.#model.deleteMany();
  }
}
