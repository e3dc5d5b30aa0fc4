import { assertMigrated, connectMongo, isAlive } from '@turno/mongo';
import {
  brokerAddress,
  BrokerConnection,
  databaseAddress,
  OpsServer,
  Publisher,
  RpcClient,
  runService,
  startTelemetry,
  systemClock,
  ticketingEntrances,
  ticketingRpc,
  ticketingRpcQueue,
  ticketCreatedSubscription,
  type Clock,
  type Logger,
  type RunningService,
} from '@turno/shared';
import { notificationsConfig, type NotificationsConfig } from './config.ts';
import { countedSmsRecords } from './data-access/counted-sms-records.ts';
import { InboxRepository, inboxModel } from './data-access/inbox-repository.ts';
import { InboxView } from './data-access/inbox-view.ts';
import { notificationsModels } from './data-access/models.ts';
import { PromotionConsentRepository, promotionConsentModel } from './data-access/promotion-consent-repository.ts';
import { smsRecordModel } from './data-access/sms-record-model.ts';
import { SmsRecordRepository } from './data-access/sms-record-repository.ts';
import { SmsRecordSearch } from './data-access/sms-record-search.ts';
import { deliverDueSmsUseCase } from './domain/deliver-due-sms.ts';
import { deliverSmsUseCase } from './domain/deliver-sms.ts';
import { notifyTicketCreatedUseCase } from './domain/notify-ticket-created.ts';
import { PromotionRules } from './domain/promotion-rules.ts';
import { QuietHours } from './domain/quiet-hours.ts';
import { SmsDestinations } from './domain/sms-destinations.ts';
import { smsFiguresUseCase } from './domain/sms-figures.ts';
import { relayConsents } from './entry-points/consent-relay.ts';
import { receiveCallbackUseCase } from './domain/receive-callback.ts';
import { sweepDueMessages } from './entry-points/due-messages.ts';
import { deadLettersApp } from './entry-points/dead-letters-app.ts';
import { DeadLettersDesk } from './entry-points/dead-letters-desk.ts';
import { LostEvents } from './entry-points/lost-events.ts';
import { eraseOldMessages } from './entry-points/old-messages.ts';
import { serveNotificationsRpc } from './entry-points/rpc-server.ts';
import { consumeTicketCreated } from './entry-points/ticket-created-consumer.ts';
import { exposeMetrics } from './metrics.ts';
import { openPublicServer } from './public-server.ts';
import { guardedProviders } from './sms/guarded-providers.ts';
import { createSmsWriter } from './text-config.ts';

/** What a test passes in: what time it is, and a stand-in of the provider's API. */
export interface NotificationsParts {
  readonly clock?: Clock;
  readonly smsApiBase?: string;
}

/**
 * Starts notifications: the consumer of TicketCreated, the sweeps, callbacks and inbox, the operations server. Resolves once all are up.
 *
 * @throws when a template is wrong, or the database lacks an index
 */
export async function startNotifications(
  config: NotificationsConfig,
  logger: Logger,
  { clock = systemClock, smsApiBase: apiBase }: NotificationsParts = {},
): Promise<RunningService & { readonly port: number; readonly opsPort: number }> {
  const writer = await createSmsWriter(config);
  const telemetry = await startTelemetry('notifications', config, logger);
  const { tracing, metrics } = telemetry;
  const mongo = await connectMongo(databaseAddress(config.NOTIFICATIONS_MONGO_URL, config), logger);
  await assertMigrated(notificationsModels(mongo));
  const consuming = await BrokerConnection.open({ url: brokerAddress(config), name: 'notifications consume', logger });
  const publishing = await BrokerConnection.open({ url: brokerAddress(config), name: 'notifications publish', logger });

  const inbox = new InboxRepository(inboxModel(mongo));
  const guarded = await guardedProviders({ config, inbox, clock, apiBase, tracing, logger });
  const { providers } = guarded;
  const records = countedSmsRecords(new SmsRecordRepository(smsRecordModel(mongo)), metrics, clock);
  const publisher = new Publisher({ connection: publishing, tracing });
  const consents = new PromotionConsentRepository(promotionConsentModel(mongo));
  const rules = new PromotionRules({ consents, quietHours: new QuietHours(config.SMS_QUIET_HOURS), clock });
  const destinations = new SmsDestinations({
    countries: config.SMS_COUNTRIES ?? 'any',
    maxPerPrefix: config.SMS_MAX_PER_PREFIX_PER_HOUR,
    clock,
  });
  const { deliver, resume } = deliverSmsUseCase({ records, providers, rules, destinations, clock, logger });
  const promotions = config.SMS_PROMOTIONS;
  const notifyTicketCreated = notifyTicketCreatedUseCase({ promotions, rules, writer, records, deliver });
  const rpc = { contract: ticketingRpc, queue: ticketingRpcQueue, entrance: ticketingEntrances.notifications };
  const ticketing = new RpcClient({ connection: publishing, ...rpc, telemetry });
  const consentRelay = relayConsents({ consents, ticketing, logger });
  consentRelay.start();
  const lostEvents = new LostEvents(ticketing);
  const consumer = consumeTicketCreated({
    connection: consuming,
    publisher,
    notifyTicketCreated,
    onMissing: () => lostEvents.announceAgain(),
    telemetry,
    logger,
  });

  const dueMessages = sweepDueMessages(deliverDueSmsUseCase({ records, resume, clock }), logger);
  dueMessages.start();
  const oldMessages = eraseOldMessages(config.SMS_RETENTION_DAYS, { records, inbox, clock, logger });
  oldMessages?.start();

  const receiveCallback = receiveCallbackUseCase({ records, consents, clock, logger });
  const view = new InboxView({ inbox, records: smsRecordModel(mongo), consents: promotionConsentModel(mongo) });
  const server = await openPublicServer({ config, providers, receiveCallback, view, clock, logger });

  const stopping = new AbortController();
  const desk = new DeadLettersDesk({ url: brokerAddress(config), subscription: ticketCreatedSubscription, logger });
  const smsFigures = smsFiguresUseCase({
    store: new SmsRecordSearch(smsRecordModel(mongo)),
    providers: guarded.fallback ? [guarded.first, guarded.fallback] : [guarded.first],
    isFallbackInUse: () => providers.isFirstOut,
    clock,
  });
  const served = serveNotificationsRpc({
    consumeOn: consuming,
    replyOn: publishing,
    smsFigures,
    desk,
    stopping: stopping.signal,
    telemetry,
    logger,
  });
  exposeMetrics(metrics, { guarded, connections: [consuming, publishing] });
  const ops = await OpsServer.listen({
    host: config.OPS_HOST,
    port: config.NOTIFICATIONS_OPS_PORT,
    metrics,
    token: config.OPS_TOKEN,
    logger,
    more: { '/dead-letters': deadLettersApp({ desk, token: config.OPS_TOKEN, stopping: stopping.signal, logger }) },
    checks: {
      broker: () =>
        (consumer.isReady && publisher.isReady) ||
        lostEvents.waiting ||
        'no channel to the broker, or it blocks publishers',
      database: async () => (await isAlive(mongo)) || 'the database does not answer',
    },
  });
  logger.info({ port: server.port, ops_port: ops.port, provider: config.SMS_PROVIDER }, 'notifications has started');

  return {
    port: server.port,
    opsPort: ops.port,
    stop: async () => {
      ops.beginStopping();
      stopping.abort();
      // What waits for its turn is given back, not waited for.
      guarded.first.close();
      guarded.fallback?.close();
      await Promise.all([
        served.close(),
        consumer.close(),
        dueMessages.stop(),
        oldMessages?.stop(),
        consentRelay.stop(),
      ]);
      await ticketing.close();
      await publisher.close();
      await Promise.all([consuming.close(), publishing.close()]);
      await server.close();
      await mongo.close();
      await tracing.stop();
      await ops.close();
    },
  };
}

if (import.meta.main) {
  await runService('notifications', notificationsConfig, (config, logger) => startNotifications(config, logger));
}
