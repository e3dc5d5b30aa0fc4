/** How a request key begins that the gateway made for a request without an Idempotency-Key; a caller's begins otherwise. */
export const ownKeyPrefix = 'own:';

/** Whether the caller of a request gave its key, and so knows of it. */
export function isCallersKey(requestKey: string): boolean {
  return !requestKey.startsWith(ownKeyPrefix);
}
