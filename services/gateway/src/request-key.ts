import { hash } from 'node:crypto';
import { ownKeyPrefix, randomId, type Principal } from '@turno/shared';

/**
 * The key under which a request is carried out once: the caller's Idempotency-Key, or one of our own, which makes a
 * redelivered message safe to repeat. A caller's key is its own: the same one of another principal is another key.
 */
export function requestKeyOf(callersKey?: string, principal: Principal = { kind: 'anonymous' }): string {
  if (callersKey === undefined) return `${ownKeyPrefix}${randomId(24)}`;
  switch (principal.kind) {
    case 'anonymous':
      return `caller:${callersKey}`;
    // Of a channel, not of its API key: a repeat may come with the key that took the place of the first.
    case 'channel':
      return `channel:${encodeURIComponent(principal.channel)}:${callersKey}`;
    // Stored with the ticket for a day, where it is not to tell by itself whose that was once the customer is erased.
    case 'customer':
      return `customer:${digestOf(`${principal.customer_id}:${callersKey}`)}`;
  }
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
