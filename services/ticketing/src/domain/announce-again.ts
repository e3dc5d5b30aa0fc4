import type { Clock, Logger } from '@turno/shared';
import type { UnpublishedTickets } from './ticket-store.ts';

export interface AnnounceAgainDependencies {
  readonly tickets: Pick<UnpublishedTickets, 'markUnpublished'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An SMS that is later than this is no use to anybody. */
const announcedAgainMs = 24 * 60 * 60 * 1_000;

/**
 * Makes the events of all tickets of the last 24 hours pending again, for when a queue is gone with what was in it. The
 * relay publishes them from then on; consumers know an event by its id, and handle those alone that they never had.
 */
export function announceAgainUseCase({ tickets, clock, logger }: AnnounceAgainDependencies) {
  return async (): Promise<void> => {
    const now = clock();
    const events = await tickets.markUnpublished(new Date(now.getTime() - announcedAgainMs), now);
    logger.warn({ events }, 'the queue of events was not there: the tickets of the last 24 hours are announced again');
  };
}
