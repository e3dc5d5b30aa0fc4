const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const second = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

/** @param {number} moment */
export const clockOf = (moment) => clock.format(moment);

/** @param {number} moment */
export const fullTimeOf = (moment) => full.format(moment);

/**
 * As short as a table wants it: the time of today, and else the day, too.
 *
 * @param {number} moment
 */
export function momentOf(moment) {
  const isToday = new Date(moment).toDateString() === new Date().toDateString();
  return isToday ? second.format(moment) : `${day.format(moment)}, ${clock.format(moment)}`;
}

/** @param {number} number */
export const numberOf = (number) => whole.format(number);

/**
 * How long something took: `7.2 ms`, `140 ms`, `2.4 s`, `3 min`.
 *
 * @param {number} ms
 */
export function durationOf(ms) {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(ms < 10_000 ? 1 : 0))} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const amountOf = (count, one, many = `${one}s`) => `${numberOf(count)} ${count === 1 ? one : many}`;

/**
 * How old what a part says is, where that is worth a word, and since when it says nothing new.
 *
 * @param {import('../src/console/figures.ts').Part<unknown>} part
 * @param {number} now
 */
export function ageOf({ at, failing }, now) {
  const age = at === undefined ? 'never heard of' : `as of ${momentOf(at)}`;
  if (failing) return `No answer since ${momentOf(failing.since)} (${failing.why}); ${age}.`;
  return at !== undefined && now - at > 5_000 ? `${durationOf(now - at)} old` : '';
}
