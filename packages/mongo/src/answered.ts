import { inTime } from '@turno/shared';
import { DatabaseSilent } from './unavailable.ts';

const withinMs = 3_000;

/**
 * What the database answers. For work that others wait behind: a connection that has gone silent without a word is noticed by
 * the driver only after ten seconds, and would hold all of them up. What was asked may still be done.
 *
 * @throws DatabaseSilent when there is no answer within three seconds
 */
export function answered<T>(asked: PromiseLike<T>): Promise<T> {
  return inTime(Promise.resolve(asked), withinMs, () => new DatabaseSilent('the database does not answer'));
}
