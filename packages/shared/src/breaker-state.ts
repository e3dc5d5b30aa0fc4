/** Where a circuit breaker stands. While it is half-open one call is under way, or the next one will be let through. */
export type BreakerState = 'closed' | 'half-open' | 'open';

/** As Prometheus is told. */
export const breakerStateNumbers: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** The state of a breaker of opossum's. */
export function breakerStateOf(breaker: { readonly opened: boolean; readonly halfOpen: boolean }): BreakerState {
  if (breaker.opened) return 'open';
  return breaker.halfOpen ? 'half-open' : 'closed';
}
