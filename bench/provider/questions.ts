/** What the bench asks the provider. */
export type ProviderQuestion =
  | { readonly ask: 'answer after'; readonly ms: number }
  /** How many phones of this range of indexes have been called for. */
  | { readonly ask: 'how many'; readonly from: number; readonly to: number }
  /** When, in monotonic milliseconds, NaN where not; and forget them. */
  | { readonly ask: 'when'; readonly from: number; readonly to: number };
