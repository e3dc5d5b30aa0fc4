import { assertMigrated, connectMongo, isAlive } from '@turno/mongo';
import {
  brokerAddress,
  BrokerConnection,
  databaseAddress,
  declareSubscription,
  OpsServer,
  Publisher,
  randomId,
  runService,
  startTelemetry,
  systemClock,
  ticketCreatedSubscription,
  type Clock,
  type Logger,
  type RunningService,
} from '@turno/shared';
import { ticketingConfig, type TicketingConfig } from './config.ts';
import { ApiKeyRepository, apiKeyModel } from './data-access/api-key-repository.ts';
import { CatalogueCache } from './data-access/catalogue-cache.ts';
import { CatalogueRepository, catalogueModel } from './data-access/catalogue-repository.ts';
import { CustomerRepository, customerModel } from './data-access/customer-repository.ts';
import { ticketingModels } from './data-access/models.ts';
import { OutboxRepository } from './data-access/outbox-repository.ts';
import { TicketFiguresRepository } from './data-access/ticket-figures-repository.ts';
import { RequestKeySweep } from './data-access/request-key-sweep.ts';
import { TicketErasure } from './data-access/ticket-erasure.ts';
import { ticketModel } from './data-access/ticket-model.ts';
import { StandingTicketRepository } from './data-access/standing-ticket-repository.ts';
import { RecentTicketRepository } from './data-access/recent-ticket-repository.ts';
import { TicketRepository } from './data-access/ticket-repository.ts';
import { announceAgainUseCase } from './domain/announce-again.ts';
import { branchUseCases } from './domain/branches.ts';
import { checkNamesUseCase } from './domain/check-names.ts';
import { createTicketUseCase } from './domain/create-ticket.ts';
import { Outbox } from './domain/outbox.ts';
import { QueueLanes } from './domain/queue-lanes.ts';
import { standingTicketUseCases } from './domain/standing-tickets.ts';
import { ticketFiguresUseCase } from './domain/ticket-figures.ts';
import { TicketLimits } from './domain/ticket-limits.ts';
import { EventRelay } from './entry-points/event-relay.ts';
import { sweepOldTickets } from './entry-points/old-tickets.ts';
import { countLimited, exposeMetrics } from './metrics.ts';
import { TicketsCreated } from './tickets-created.ts';
import { serveTicketingRpc } from './entry-points/rpc-server.ts';

/** What a test passes in to say what time it is. */
export interface TicketingParts {
  readonly clock?: Clock;
}

/**
 * Starts ticketing: RPC server, event relay, operations server. Resolves once it serves.
 *
 * @throws when the database is away or lacks an index
 */
export async function startTicketing(
  config: TicketingConfig,
  logger: Logger,
  { clock = systemClock }: TicketingParts = {},
): Promise<RunningService & { readonly opsPort: number }> {
  const telemetry = await startTelemetry('ticketing', config, logger);
  const mongo = await connectMongo(databaseAddress(config.TICKETING_MONGO_URL, config), logger);
  await assertMigrated(ticketingModels(mongo));
  const consuming = await BrokerConnection.open({ url: brokerAddress(config), name: 'ticketing consume', logger });
  const publishing = await BrokerConnection.open({ url: brokerAddress(config), name: 'ticketing publish', logger });

  const catalogue = new CatalogueCache(new CatalogueRepository(catalogueModel(mongo)), logger);
  await catalogue.start(config.CATALOGUE_REFRESH_MS);

  const tickets = new TicketRepository(ticketModel(mongo), telemetry.tracing);
  const announceAgain = announceAgainUseCase({ tickets, clock, logger });
  const lost = { connection: publishing, onMissing: announceAgain };
  const publisher = new Publisher({
    connection: publishing,
    tracing: telemetry.tracing,
    declare: (channel) => declareSubscription(channel, ticketCreatedSubscription, lost),
  });
  const pages = new OutboxRepository(mongo);
  const outbox = new Outbox({ pages, tickets, clock, newId: () => randomId(16), logger });
  const relay = new EventRelay({ tickets, outbox, publisher, clock, logger });
  relay.start();

  const apiKeys = new ApiKeyRepository(apiKeyModel(mongo));
  const oldTickets = sweepOldTickets({
    apiKeys,
    requestKeys: new RequestKeySweep(mongo),
    tickets: new TicketErasure(ticketModel(mongo), pages),
    retentionDays: config.TICKET_RETENTION_DAYS,
    clock,
    logger,
  });
  oldTickets.start();

  const created = new TicketsCreated(telemetry.metrics, clock);
  const customers = new CustomerRepository(customerModel(mongo));
  const standing = new StandingTicketRepository(ticketModel(mongo));
  const figures = new TicketFiguresRepository(ticketModel(mongo), pages);
  const lanes = new QueueLanes(tickets, clock);
  const limits = new TicketLimits({
    perPhone: config.TICKETS_PER_PHONE,
    perCustomer: config.TICKETS_PER_CUSTOMER,
    windowMs: config.TICKET_LIMIT_WINDOW_MINUTES * 60_000,
    recent: new RecentTicketRepository(ticketModel(mongo)),
    clock,
  });
  const common = { catalogue: () => catalogue.current(), customers, lanes, clock };
  const useCases = {
    checkNames: checkNamesUseCase(common),
    createTicket: createTicketUseCase({
      ...common,
      tickets,
      limits,
      announce: (ticket) => {
        created.note(ticket);
        relay.announce(ticket);
      },
      onRefused: countLimited(telemetry.metrics),
      ids: outbox,
    }),
    standingTickets: standingTicketUseCases({ ...common, tickets: standing }),
    branches: branchUseCases({ ...common, lines: standing }),
    announceAgain,
    decidePromotions: customers.decidePromotions.bind(customers),
    ticketFigures: ticketFiguresUseCase({ ...common, store: figures }),
    validApiKeys: () => apiKeys.valid(clock()),
  };
  const assertAble = async (): Promise<void> => {
    catalogue.current();
    if (!(await isAlive(mongo))) throw new Error('the database does not answer');
  };
  const rpc = serveTicketingRpc({ consumeOn: consuming, replyOn: publishing, useCases, assertAble, telemetry, logger });

  exposeMetrics(telemetry.metrics, { connections: [consuming, publishing], figures, clock });
  const ops = await OpsServer.listen({
    host: config.OPS_HOST,
    port: config.TICKETING_OPS_PORT,
    metrics: telemetry.metrics,
    token: config.OPS_TOKEN,
    logger,
    checks: {
      broker: () => (rpc.isReady && publisher.isReady) || 'no channel to the broker, or it blocks publishers',
      database: async () => (await isAlive(mongo)) || 'the database does not answer',
      catalogue: () => catalogue.isLoaded || 'there is no catalogue yet: turno catalogue import FILE',
    },
  });
  logger.info({ ops_port: ops.port }, 'ticketing has started');

  return {
    opsPort: ops.port,
    stop: async () => {
      ops.beginStopping();
      catalogue.stop();
      await rpc.close();
      await Promise.all([relay.stop(), oldTickets.stop()]);
      await outbox.stop();
      await publisher.close();
      await Promise.all([consuming.close(), publishing.close()]);
      await mongo.close();
      await telemetry.tracing.stop();
      await ops.close();
    },
  };
}

if (import.meta.main) {
  await runService('ticketing', ticketingConfig, (config, logger) => startTicketing(config, logger));
}
