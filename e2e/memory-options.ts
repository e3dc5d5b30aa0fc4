/**
 * How much memory Node.js may take before it cleans up, as in the images. Left to itself it takes what a machine has, and a
 * service that needs 100 MB comes to hold 300.
 */
export const memoryOptions = ['--max-semi-space-size=4', '--max-old-space-size=256'];
