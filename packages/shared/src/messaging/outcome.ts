/** What becomes of a consumed message. Handlers say which; `consumer.ts` alone knows what that is in AMQP. */
export type Outcome =
  | { readonly kind: 'done' }
  /** Cannot be done now: the broker brings it again after a delay, and dead-letters it when its deliveries are used up. */
  | { readonly kind: 'retry'; readonly reason: string }
  /**
   * What handling needs is away, and nothing is wrong with the message: it comes again after a pause, however often. The
   * pause lasts `atLeastMs` where whoever is away has said how long, though never so long that the broker gives up on us.
   */
  | { readonly kind: 'hold-off'; readonly reason: string; readonly atLeastMs?: number }
  /** Can never be done: to the dead-letter queue at once, the reason in a header. */
  | { readonly kind: 'dead-letter'; readonly reason: string };

export const done: Outcome = { kind: 'done' };
export const retry = (reason: string): Outcome => ({ kind: 'retry', reason });
export const holdOff = (reason: string, atLeastMs?: number): Outcome => ({
  kind: 'hold-off',
  reason,
  ...(atLeastMs !== undefined && { atLeastMs }),
});
export const deadLetter = (reason: string): Outcome => ({ kind: 'dead-letter', reason });
