/** Where a service takes the time from. Passed in, so that a test can say what time it is. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
