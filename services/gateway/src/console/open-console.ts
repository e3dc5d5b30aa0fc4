import type { RequestListener } from 'node:http';
import {
  notificationsEntrances,
  notificationsRpc,
  notificationsRpcQueue,
  randomId,
  RpcClient,
  type BrokerConnection,
  type Clock,
  type Logger,
  type QueueDepth,
  type RpcClient as Client,
  type TicketingRpc,
} from '@turno/shared';
import { Collector } from './collector.ts';
import { consoleApp } from './console-app.ts';
import type { MetricsRegistry } from './measured-calls.ts';
import { OwnFigures, type OwnState } from './own-figures.ts';

export interface ConsoleOptions {
  readonly connection: BrokerConnection;
  readonly ticketing: Client<TicketingRpc>;
  readonly registry: MetricsRegistry;
  readonly ownState: () => OwnState;
  readonly token: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Console {
  /** What the operations server answers more. */
  readonly more: Readonly<Record<string, RequestListener>>;
  close(): Promise<void>;
}

const figuresWithinMs = 2_000;
const lettersWithinMs = 10_000;
const redrivenWithinMs = 60_000;
const listedLetters = 100;

/** The console: a page on the gateway's operations server, from the running system. Without anybody who looks it asks nobody. */
export function openConsole({
  connection,
  ticketing,
  registry,
  ownState,
  token,
  clock,
  logger,
}: ConsoleOptions): Console {
  const now = () => clock().getTime();
  const notifications = new RpcClient({
    connection,
    contract: notificationsRpc,
    queue: notificationsRpcQueue,
    entrance: notificationsEntrances.gateway,
  });
  const own = new OwnFigures({ registry, read: ownState, now });
  const collector = new Collector({
    sources: {
      queueDepths: () =>
        fromOwners([
          ticketing.call('GetTicketQueueDepths', {}, asOperator(figuresWithinMs)),
          notifications.call('GetSmsQueueDepths', {}, asOperator(figuresWithinMs)),
        ]),
      // Past the breaker: whoever watches must neither open it nor be told nothing while it is open.
      ticketFigures: () => ticketing.call('GetTicketFigures', {}, asOperator(figuresWithinMs)),
      smsFigures: () => notifications.call('GetSmsFigures', {}, asOperator(figuresWithinMs)),
      deadLetters: () => notifications.call('ListDeadLetters', { limit: listedLetters }, asOperator(lettersWithinMs)),
    },
    own,
    canRedrive: token !== undefined,
    now,
  });
  own.start();
  const app = consoleApp({
    collector,
    redrive: (selection) => notifications.call('RedriveDeadLetters', selection, asOperator(redrivenWithinMs)),
    token,
    logger,
  });
  return {
    more: { '/console': app, '/': redirectToConsole },
    close: async () => {
      own.stop();
      collector.close();
      await notifications.close();
    },
  };
}

/** What the owners of the queues say together; both know of the events. Rejects when none of them answers. */
async function fromOwners(asked: readonly Promise<{ queues: QueueDepth[] }>[]): Promise<QueueDepth[]> {
  const answers = await Promise.allSettled(asked);
  const told = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.queues : []));
  if (told.length === 0)
    await Promise.any(asked).catch(({ errors }: AggregateError) => Promise.reject(errors[0] as Error));
  return told;
}

const redirectToConsole: RequestListener = (_request, response) => {
  response.writeHead(302, { location: '/console' }).end();
};

function asOperator(timeoutMs: number) {
  const requestId = `console-${randomId()}`;
  return { timeoutMs, requestId, requestKey: requestId };
}
