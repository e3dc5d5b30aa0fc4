const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** @param {string} moment */
export const timeOf = (moment) => clock.format(new Date(moment));

/** @param {string} moment */
export const fullTimeOf = (moment) => full.format(new Date(moment));

/**
 * The day as a separator names it.
 *
 * @param {string} moment
 */
export function dayOf(moment) {
  const day = new Date(moment);
  if (isSameDay(day, daysAgo(0))) return 'Today';
  if (isSameDay(day, daysAgo(1))) return 'Yesterday';
  return date.format(day);
}

/**
 * When it was, as short as a list wants it.
 *
 * @param {string} moment
 */
export function shortTimeOf(moment) {
  const day = new Date(moment);
  if (isSameDay(day, daysAgo(0))) return timeOf(moment);
  return isSameDay(day, daysAgo(1)) ? 'Yesterday' : shortDate.format(day);
}

/** @param {number} days */
function daysAgo(days) {
  const day = new Date();
  day.setDate(day.getDate() - days);
  return day;
}

/**
 * @param {Date} a
 * @param {Date} b
 */
function isSameDay(a, b) {
  return a.toDateString() === b.toDateString();
}
