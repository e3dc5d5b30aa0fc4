import { createServer } from 'node:http';
import { assertMigrated, connectMongo, isAlive } from '@turno/mongo';
import {
  BrokerConnection,
  closeServer,
  listen,
  OpsServer,
  Publisher,
  runService,
  systemClock,
  type Clock,
  type Logger,
  type RunningService,
} from '@turno/shared';
import { notificationsConfig, type NotificationsConfig } from './config.ts';
import { InboxRepository, inboxModel } from './data-access/inbox-repository.ts';
import { notificationsModels } from './data-access/models.ts';
import { PromotionConsentRepository, promotionConsentModel } from './data-access/promotion-consent-repository.ts';
import { SmsRecordRepository, smsRecordModel } from './data-access/sms-record-repository.ts';
import { deliverSmsUseCase } from './domain/deliver-sms.ts';
import { notifyTicketCreatedUseCase } from './domain/notify-ticket-created.ts';
import { createApp } from './entry-points/app.ts';
import { LostEvents } from './entry-points/lost-events.ts';
import { consumeTicketCreated } from './entry-points/ticket-created-consumer.ts';
import { exposeMetrics } from './metrics.ts';
import { guardedProviders } from './sms/guarded-providers.ts';

/** What a test passes in: what time it is, and a stand-in of the provider's API. */
export interface NotificationsParts {
  readonly clock?: Clock;
  readonly smsApiBase?: string;
}

/**
 * Starts notifications: the consumer of TicketCreated, the inbox, the operations server. Resolves once all are up.
 *
 * @throws when the database lacks an index
 */
export async function startNotifications(
  config: NotificationsConfig,
  logger: Logger,
  { clock = systemClock, smsApiBase: apiBase }: NotificationsParts = {},
): Promise<RunningService & { readonly port: number; readonly opsPort: number }> {
  const mongo = await connectMongo(config.NOTIFICATIONS_MONGO_URL, logger);
  await assertMigrated(notificationsModels(mongo));
  const consuming = await BrokerConnection.open({ url: config.AMQP_URL, name: 'notifications consume', logger });
  const publishing = await BrokerConnection.open({ url: config.AMQP_URL, name: 'notifications publish', logger });

  const inbox = new InboxRepository(inboxModel(mongo));
  const guarded = await guardedProviders({ config, inbox, clock, apiBase, logger });
  const { providers } = guarded;
  const records = new SmsRecordRepository(smsRecordModel(mongo));
  const publisher = new Publisher({ connection: publishing });
  const consents = new PromotionConsentRepository(promotionConsentModel(mongo));
  const deliver = deliverSmsUseCase({ records, providers, clock, logger });
  const notifyTicketCreated = notifyTicketCreatedUseCase({ consents, deliver });
  const lostEvents = new LostEvents(publishing);
  const consumer = consumeTicketCreated({
    connection: consuming,
    publisher,
    notifyTicketCreated,
    onMissing: () => lostEvents.announceAgain(),
    logger,
  });

  const server = createServer(createApp({ inbox: providers.of('inbox') ? inbox : undefined, logger }));
  const port = await listen(server, config.NOTIFICATIONS_PORT, config.NOTIFICATIONS_HOST);

  const ops = await OpsServer.listen({
    host: config.OPS_HOST,
    port: config.NOTIFICATIONS_OPS_PORT,
    logger,
    checks: {
      broker: () =>
        (consumer.isReady && publisher.isReady) ||
        lostEvents.waiting ||
        'no channel to the broker, or it blocks publishers',
      database: async () => (await isAlive(mongo)) || 'the database does not answer',
    },
  });
  exposeMetrics(ops, guarded);
  logger.info({ port, ops_port: ops.port, provider: config.SMS_PROVIDER }, 'notifications has started');

  return {
    port,
    opsPort: ops.port,
    stop: async () => {
      ops.beginStopping();
      await consumer.close();
      guarded.first.close();
      guarded.fallback?.close();
      await lostEvents.close();
      await publisher.close();
      await Promise.all([consuming.close(), publishing.close()]);
      await closeServer(server);
      await mongo.close();
      await ops.close();
    },
  };
}

if (import.meta.main) {
  await runService('notifications', notificationsConfig, (config, logger) => startNotifications(config, logger));
}
