import { ownKeyPrefix, randomId } from '@turno/shared';

/**
 * The key under which a request is carried out once: the caller's Idempotency-Key, or one of our own, which makes a
 * redelivered message safe to repeat.
 */
export function requestKeyOf(callersKey?: string): string {
  return callersKey === undefined ? `${ownKeyPrefix}${randomId(24)}` : `caller:${callersKey}`;
}
