/** Beyond what any of them comes to hold, in MB. */
const oldSpace = '--max-old-space-size=256';

/**
 * How much memory Node.js may take before it cleans up, as in the images. Left to itself it takes what a machine has, and a
 * service that needs 100 MB comes to hold 300. What is young is most of it: cleaned up twice as seldom, in the two that every
 * caller waits for, it takes a tenth less of their time.
 */
export const memoryOptions = {
  gateway: ['--max-semi-space-size=8', oldSpace],
  ticketing: ['--max-semi-space-size=8', oldSpace],
  notifications: ['--max-semi-space-size=4', oldSpace],
} as const;

/**
 * The C library keeps what is freed, by default apart for each of Node.js' ten threads: together it is 5 MB less. The main thread
 * asks for nearly all there is, so that nobody waits for another.
 */
export const memoryVariables = { MALLOC_ARENA_MAX: '1' } as const;
