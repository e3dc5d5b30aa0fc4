import { OutcomeUnknown } from '@turno/shared';
import { mongo } from 'mongoose';

/** A server that is stopping or has just lost its primary answers with one of these instead of doing the work. */
const notNow = new Set([91, 189, 10_107, 11_600, 11_602, 13_435, 13_436]);

/** The database said nothing in time: it may have done what it was asked. */
export class DatabaseSilent extends OutcomeUnknown {}

/**
 * Says of a driver's error what it means to a caller: when the database was away, too slow or lost in the middle, the write
 * may or may not have happened. Any other error is given back as it is.
 */
export function asOutcome(error: unknown): unknown {
  return isUnavailable(error) ? new OutcomeUnknown('the database did not answer', { cause: error }) : error;
}

/** Whether the database was away, too slow or lost in the middle: nothing is wrong with what was asked of it. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof mongo.MongoServerError && typeof error.code === 'number') return notNow.has(error.code);
  return (
    error instanceof DatabaseSilent ||
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoSystemError ||
    error instanceof mongo.MongoOperationTimeoutError ||
    // A bulk write wraps what stopped it; without a code that is no reply of the server.
    error instanceof mongo.MongoBulkWriteError
  );
}
