import type { Clock, Logger } from '@turno/shared';
import { requestKeyLifetimeMs } from './request-key.ts';

/** What is kept of requests, so that a repeat is known: their keys and fingerprints, in the tickets. */
export interface RequestKeys {
  /**
   * Forgets those of the oldest tickets that have them.
   *
   * @returns how many they were, `limit` at most
   */
  forget(olderThan: Date, limit: number): Promise<number>;
}

/** Tickets that lose all that tells of a person. Their numbers stay: no gap is to come of it, and counts of the past are kept. */
export interface OldTickets {
  /**
   * Erases the oldest tickets, all but place, number and time.
   *
   * @returns how many they were, `limit` at most
   */
  eraseOlderThan(olderThan: Date, now: Date, limit: number): Promise<number>;
}

/** API keys that hold no more. */
export interface EndedApiKeys {
  /** @returns how many ended before that time, and are gone now */
  deleteEnded(before: Date): Promise<number>;
}

export interface EraseOldTicketsDependencies {
  readonly apiKeys: EndedApiKeys;
  readonly requestKeys: RequestKeys;
  readonly tickets: OldTickets;
  readonly retentionDays: number | 'forever';
  readonly clock: Clock;
  readonly logger: Logger;
}

const dayMs = 86_400_000;
const batchSize = 500;
/** So long `turno keys list --all` tells of a key that was revoked or has expired. */
const endedKeysKeptMs = 90 * dayMs;
/** Another instance's clock may be behind: nobody is to miss a key that still stands there. */
const requestKeysForgottenAfterMs = requestKeyLifetimeMs + 3_600_000;

/** Erases what tickets, and API keys that ended, have been kept for long enough, a batch at a time. Says whether there may be more. */
export function eraseOldTicketsUseCase(dependencies: EraseOldTicketsDependencies) {
  const { apiKeys, requestKeys, tickets, retentionDays, clock, logger } = dependencies;

  return async function eraseOldTickets(): Promise<boolean> {
    const now = clock();
    const keys = await requestKeys.forget(before(now, requestKeysForgottenAfterMs), batchSize);
    // A ticket that is erased is not found by its age any more, so its key goes first.
    const isTurn = retentionDays !== 'forever' && keys < batchSize;
    const erased = isTurn ? await tickets.eraseOlderThan(before(now, keptMs(retentionDays)), now, batchSize) : 0;
    const ended = await apiKeys.deleteEnded(before(now, endedKeysKeptMs));
    if (keys + erased + ended > 0)
      logger.info({ request_keys: keys, tickets: erased, api_keys: ended }, 'erased what was kept for long enough');
    return keys === batchSize || erased === batchSize;
  };
}

function keptMs(retentionDays: number): number {
  return Math.max(retentionDays * dayMs, requestKeysForgottenAfterMs);
}

function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}
