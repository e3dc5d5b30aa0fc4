/**
 * Exponential backoff with full jitter: a delay anywhere between 0 and the cap of the attempt, so that many clients that
 * lost the same server do not return together.
 *
 * @param attempt 1 for the first retry
 * @returns milliseconds
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function fullJitter(attempt: number, { baseMs = 100, maxMs = 2_000 } = {}): number {
  return Math.random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}
