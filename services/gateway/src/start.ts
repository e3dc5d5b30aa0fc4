import { setTimeout as pause } from 'node:timers/promises';
import {
  brokerAddress,
  BrokerConnection,
  closeServer,
  httpLimits,
  limitConnections,
  listen,
  OpsServer,
  RpcClient,
  runService,
  startTelemetry,
  systemClock,
  ticketingEntrances,
  ticketingRpc,
  ticketingRpcQueue,
  type Clock,
  type HttpLimits,
  type Logger,
  type RunningService,
} from '@turno/shared';
import { openAuthentication } from './auth/open-authentication.ts';
import { gatewayConfig, type GatewayConfig } from './config.ts';
import { openConsole } from './console/open-console.ts';
import { createApp } from './http/app.ts';
import { LoadShedding } from './http/load-shedding.ts';
import { rateLimits } from './http/rate-limit.ts';
import { createHttpServer } from './http/server.ts';
import { countLimited, exposeMetrics } from './metrics.ts';
import { SharedCounts } from './shared-counts.ts';
import { TicketingClient } from './ticketing-client.ts';

/** So long the first callers wait for a broker that is there, in milliseconds; without one they are told 503. */
const channelWithinMs = 1_000;

/** What a test passes in to say what time the console takes it for. */
export interface GatewayParts {
  readonly clock?: Clock;
}

/** Starts the gateway: the public API and the operations server. Resolves once both listen. */
export async function startGateway(
  config: GatewayConfig,
  logger: Logger,
  { clock = systemClock }: GatewayParts = {},
): Promise<RunningService & { readonly port: number; readonly opsPort: number }> {
  const telemetry = await startTelemetry('gateway', config, logger);
  const connection = await BrokerConnection.open({ url: brokerAddress(config), name: 'gateway', logger });
  // A caller who leaves frees a place at once, the call it made only at its deadline: hence more calls than requests.
  const maxPending = 2 * config.GATEWAY_MAX_IN_FLIGHT;
  const served = { contract: ticketingRpc, queue: ticketingRpcQueue, entrance: ticketingEntrances.gateway };
  const rpc = new RpcClient({ connection, ...served, maxPending, telemetry });
  const ticketing = new TicketingClient({ rpc, timeoutMs: config.RPC_TIMEOUT_MS, logger });

  const errorPagesUrl = config.ERROR_PAGES_URL;
  const shedding = new LoadShedding({ maxInFlight: config.GATEWAY_MAX_IN_FLIGHT, logger });
  const { metrics } = telemetry;
  const authentication = openAuthentication(config, { rpc, metrics, clock, logger });
  const counts = config.REDIS_URL === undefined ? undefined : SharedCounts.open(config.REDIS_URL, logger);
  const rates = rateLimits({
    perMinute: {
      address: config.RATE_LIMIT_PER_MINUTE,
      key: config.RATE_LIMIT_PER_KEY_PER_MINUTE,
      customer: config.RATE_LIMIT_PER_CUSTOMER_PER_MINUTE,
    },
    storeFor: counts && ((limit) => counts.storeFor(limit)),
    onLimited: countLimited(telemetry.metrics),
  });
  const app = createApp({
    ticketing,
    shedding,
    authentication: authentication.handler,
    errorPagesUrl,
    rates,
    trustedProxies: config.TRUSTED_PROXIES,
    telemetry,
    logger,
  });
  const limits = httpLimitsOf(config);
  const server = createHttpServer({ app, errorPagesUrl, limits, logger });
  const refusedConnections = limitConnections(server, limits);
  await Promise.race([rpc.ready(), pause(channelWithinMs, undefined, { ref: false })]);
  const port = await listen(server, config.GATEWAY_PORT, config.GATEWAY_HOST);

  const operators = openConsole({
    connection,
    ticketing: rpc,
    registry: telemetry.metrics.registry,
    ownState: () => ({
      ...(!rpc.isReady && { brokerTrouble: connection.blockedBecause ?? 'no channel to it' }),
      breaker: ticketing.breakerState,
      pendingCalls: rpc.pending,
      requestsInFlight: shedding.inFlight,
      requestsShed: shedding.shed,
    }),
    token: config.OPS_TOKEN,
    clock,
    logger,
  });
  exposeMetrics(telemetry.metrics, { connection, shedding, ticketing, rpc, refusedConnections, counts });
  const ops = await OpsServer.listen({
    host: config.OPS_HOST,
    port: config.GATEWAY_OPS_PORT,
    more: operators.more,
    metrics: telemetry.metrics,
    token: config.OPS_TOKEN,
    logger,
    checks: {
      broker: () => rpc.isReady || 'no channel to the broker, or it blocks publishers',
      ticketing: () => ticketing.readiness(),
      ...(authentication.check && { apiKeys: authentication.check }),
    },
  });
  logger.info({ port, ops_port: ops.port }, 'the gateway has started');

  return {
    port,
    opsPort: ops.port,
    stop: async () => {
      ops.beginStopping();
      await pause(config.GATEWAY_DRAIN_MS);
      await closeServer(server);
      await authentication.stop();
      counts?.close();
      ticketing.close();
      await operators.close();
      await rpc.close();
      await connection.close();
      await telemetry.tracing.stop();
      await ops.close();
    },
  };
}

function httpLimitsOf(config: GatewayConfig): HttpLimits {
  return {
    ...httpLimits,
    keepAliveMs: config.GATEWAY_KEEP_ALIVE_MS,
    maxConnections: config.GATEWAY_MAX_CONNECTIONS,
    // All connections come from the last proxy.
    maxConnectionsPerAddress: config.TRUSTED_PROXIES > 0 ? 0 : config.GATEWAY_MAX_CONNECTIONS_PER_ADDRESS,
  };
}

if (import.meta.main) await runService('gateway', gatewayConfig, startGateway);
