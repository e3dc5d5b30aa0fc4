import type { Branch } from '@turno/shared';
import { businessDay, businessDayUntil, nextOpening, type Opening } from './branch-time.ts';

/** The last answer for a branch: right from the moment it was found until the one at which it may change. */
interface Remembered<T> {
  readonly answer: T;
  readonly from: number;
  readonly until: number;
}

/** As {@link businessDay}, found once for each branch and day: it is asked for with every ticket. */
export const rememberedBusinessDay = remembered(businessDay, (branch, now) => businessDayUntil(branch, now));

/** As {@link nextOpening}, found once for each branch and closing time: it is asked for with every ticket. */
export const rememberedOpening = remembered<Readonly<Opening>>(nextOpening, (_branch, _now, { closes }) => closes);

/**
 * Remembers the last answer for each branch, as long as the catalogue has that branch: a new version has new ones.
 *
 * @param until the moment at which an answer may cease to hold
 */
function remembered<T>(
  find: (branch: Branch, now: Date) => T,
  until: (branch: Branch, now: Date, answer: T) => Date,
): (branch: Branch, now: Date) => T {
  const answers = new WeakMap<Branch, Remembered<T>>();
  return (branch, now) => {
    const moment = now.getTime();
    const known = answers.get(branch);
    if (known && known.from <= moment && moment < known.until) return known.answer;
    const answer = find(branch, now);
    answers.set(branch, { answer, from: moment, until: until(branch, now, answer).getTime() });
    return answer;
  };
}
