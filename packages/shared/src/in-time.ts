/**
 * Resolves or rejects as the work does, and no later than the time is up; the work itself goes on, unheeded.
 *
 * @throws what `tooLate` gives when the time, in milliseconds, is up first
 */
export async function inTime<T>(work: Promise<T>, withinMs: number, tooLate: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLate()), withinMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
