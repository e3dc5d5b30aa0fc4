import { connectOnce, missingIndexes, type Connection } from '@turno/mongo';
import {
  InboxRepository,
  inboxModel,
  notificationsModels,
  PromotionConsentRepository,
  promotionConsentModel,
  SmsErasure,
  smsRecordModel,
} from '@turno/notifications';
import {
  brokerAddress,
  brokerTlsIsWhole,
  brokerVariables,
  createLogger,
  databaseAddress,
  databaseVariables,
  mongoUrl,
  QueuedMessages,
  readConfig,
  ticketCreatedSubscription,
  withoutPersonal,
} from '@turno/shared';
import {
  CustomerImportRepository,
  CustomerRepository,
  customerModel,
  OutboxRepository,
  TicketErasure,
  ticketingModels,
  ticketModel,
} from '@turno/ticketing';
import { z } from 'zod';

/** Every place that keeps something of a customer. */
export interface CustomerPlaces {
  readonly directory: CustomerRepository;
  readonly imports: CustomerImportRepository;
  readonly tickets: TicketErasure;
  readonly sms: SmsErasure;
  readonly consents: PromotionConsentRepository;
  readonly messages: QueuedMessages;
  /** Where events wait, and where they end that were given up. */
  readonly queues: { readonly events: string; readonly deadLetters: string };
}

const servers = z
  .object({
    ...brokerVariables,
    ...databaseVariables,
    TICKETING_MONGO_URL: mongoUrl,
    NOTIFICATIONS_MONGO_URL: mongoUrl,
  })
  .check(brokerTlsIsWhole);

/**
 * Runs `use` on both databases and the broker, and closes the connections whatever happens.
 *
 * @throws naming what cannot be reached, before `use` has begun: half of what is kept is no answer
 */
export async function withCustomerPlaces<T>(use: (places: CustomerPlaces) => Promise<T>): Promise<T> {
  const config = readConfig(servers);
  const logger = createLogger('turno', 'silent');
  const opened = await Promise.allSettled([
    openDatabase(databaseAddress(config.TICKETING_MONGO_URL, config), ticketingModels),
    openDatabase(databaseAddress(config.NOTIFICATIONS_MONGO_URL, config), notificationsModels),
    QueuedMessages.open({ url: brokerAddress(config), logger }),
  ]);
  const [ticketing, notifications, broker] = opened;
  try {
    const away = [
      ...reasonOf("ticketing's database (TICKETING_MONGO_URL)", ticketing),
      ...reasonOf("notifications' database (NOTIFICATIONS_MONGO_URL)", notifications),
      ...reasonOf('the broker (AMQP_URL)', broker),
    ];
    if (away.length > 0) throw new Error(`nothing was done, since it must be done everywhere:\n  ${away.join('\n  ')}`);
    return await use(placesIn(valueOf(ticketing), valueOf(notifications), valueOf(broker)));
  } finally {
    for (const end of opened) if (end.status === 'fulfilled') await end.value.close();
  }
}

function placesIn(ticketing: Connection, notifications: Connection, messages: QueuedMessages): CustomerPlaces {
  const { queue, deadLetterQueue } = ticketCreatedSubscription;
  const inbox = inboxModel(notifications);
  return {
    directory: new CustomerRepository(customerModel(ticketing)),
    imports: new CustomerImportRepository(ticketing),
    tickets: new TicketErasure(ticketModel(ticketing), new OutboxRepository(ticketing)),
    sms: new SmsErasure({ records: smsRecordModel(notifications), inbox, messages: new InboxRepository(inbox) }),
    consents: new PromotionConsentRepository(promotionConsentModel(notifications)),
    messages,
    queues: { events: queue.name, deadLetters: deadLetterQueue.name },
  };
}

/** One without indexes would be looked through from end to end, and is perhaps not the one that is meant. */
async function openDatabase(
  url: string,
  models: (connection: Connection) => Parameters<typeof missingIndexes>[0],
): Promise<Connection> {
  const connection = await connectOnce(url);
  try {
    const missing = await missingIndexes(models(connection));
    if (missing.length > 0)
      throw new Error(`it lacks ${missing.join(', ')}: run turno migrate, or see whether it is the one`);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function reasonOf(name: string, end: PromiseSettledResult<unknown>): string[] {
  if (end.status === 'fulfilled') return [];
  const { message } = end.reason as Error;
  return [`${name} cannot be used: ${withoutPersonal(message)}`];
}

function valueOf<T>(end: PromiseSettledResult<T>): T {
  if (end.status === 'rejected') throw end.reason;
  return end.value;
}
