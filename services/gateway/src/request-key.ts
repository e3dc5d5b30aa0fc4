import { ownKeyPrefix, randomId, type Principal } from '@turno/shared';

/**
 * The key under which a request is carried out once: the caller's Idempotency-Key, or one of our own, which makes a
 * redelivered message safe to repeat. A caller's key is its own: the same one of another principal is another key.
 */
export function requestKeyOf(callersKey?: string, principal: Principal = { kind: 'anonymous' }): string {
  return callersKey === undefined ? `${ownKeyPrefix}${randomId(24)}` : `${scopeOf(principal)}:${callersKey}`;
}

/** Of a channel, not of its API key: a repeat may come with the key that took the place of the first. */
function scopeOf(principal: Principal): string {
  switch (principal.kind) {
    case 'anonymous':
      return 'caller';
    case 'channel':
      return `channel:${encodeURIComponent(principal.channel)}`;
    case 'customer':
      return `customer:${principal.customer_id}`;
  }
}
