import { asOutcome } from '@turno/mongo';
import {
  notificationsEntrances,
  notificationsRpc,
  notificationsRpcQueue,
  queueDepths,
  RpcServer,
  ticketCreatedSubscription,
  withoutPhones,
  type BrokerConnection,
  type Logger,
  type NotificationsRpc,
  type RpcHandlers,
  type Telemetry,
} from '@turno/shared';
import type { smsFiguresUseCase } from '../domain/sms-figures.ts';
import type { DeadLettersDesk } from './dead-letters-desk.ts';

export interface NotificationsRpcServerOptions {
  readonly consumeOn: BrokerConnection;
  readonly replyOn: BrokerConnection;
  readonly smsFigures: ReturnType<typeof smsFiguresUseCase>;
  readonly desk: DeadLettersDesk;
  /** Aborted when the service stops: what is under way ends in order then. */
  readonly stopping: AbortSignal;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Requests come from consoles, a few a second at most, and dead letters take turns. */
const prefetch = 10;

const { queue, deadLetterQueue } = ticketCreatedSubscription;
const watchedQueues = [notificationsRpcQueue.name, queue.name, deadLetterQueue.name];

/** The calls of notifications, from the queue to the records and the dead letters. */
export function serveNotificationsRpc({ smsFigures, desk, stopping, ...options }: NotificationsRpcServerOptions) {
  const handlers: RpcHandlers<NotificationsRpc> = {
    GetSmsFigures: () => smsFigures(),
    GetSmsQueueDepths: async () => ({ queues: await queueDepths(options.replyOn, watchedQueues) }),
    ListDeadLetters: ({ limit }, { deadline }) => desk.list(limit, until(deadline)),
    RedriveDeadLetters: async (selection, { deadline, logger }) => {
      const { settled, seen, waiting, isComplete, failure } = await desk.settle('redrive', selection, until(deadline));
      const done = { redriven: settled, looked_at: seen, waiting, complete: isComplete };
      const selected = withoutPhones(JSON.stringify(selection));
      logger.info({ queue: desk.queue, ...done, selected, err: failure }, 'an operator had dead letters redriven');
      return failure === undefined ? done : { ...done, failure: wordsOf(failure) };
    },
  };
  return new RpcServer({
    ...options,
    contract: notificationsRpc,
    queue: notificationsRpcQueue,
    entrances: Object.values(notificationsEntrances),
    handlers,
    asOutcome,
    prefetch,
  });

  /** Letters are held by whoever looks: nobody does so for a caller who is gone. */
  function until(deadline: number): AbortSignal {
    return AbortSignal.any([stopping, AbortSignal.timeout(Math.max(0, deadline - Date.now()))]);
  }
}

function wordsOf(failure: unknown): string {
  return withoutPhones(failure instanceof Error ? failure.message : String(failure));
}
