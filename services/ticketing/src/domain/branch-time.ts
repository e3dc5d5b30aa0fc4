import type { Branch, OpeningHours } from '@turno/shared';
import { Temporal } from 'temporal-polyfill';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const daysOfWeek = 7;
const dayMs = 24 * 60 * 60 * 1_000;

/** A branch's hours on one day, as moments. */
export interface Opening {
  readonly opens: Date;
  readonly closes: Date;
}

/** The branch's calendar day at `now`, such as `2017-02-20`. Numbers start at 1 again with each. */
export function businessDay(branch: Branch, now: Date): string {
  return localTime(branch, now).toPlainDate().toString();
}

/**
 * The moment up to which the business day of `now` lasts without a break: midnight at the branch, or an earlier change of its
 * clocks. St. John's turned its clocks back a minute past midnight: it had the day before again for an hour.
 */
export function businessDayUntil(branch: Branch, now: Date): Date {
  const local = localTime(branch, now);
  const offsetMs = local.offsetNanoseconds / 1e6;
  const midnight = (Math.floor((now.getTime() + offsetMs) / dayMs) + 1) * dayMs - offsetMs;
  const change = local.getTimeZoneTransition('next')?.epochMilliseconds ?? midnight;
  return new Date(Math.min(midnight, change));
}

/**
 * When the branch opens and closes: today's hours, or the next business day's once today's are over.
 *
 * @throws only for a branch without a weekday that it opens on, which the catalogue's schema does not let in
 */
export function nextOpening(branch: Branch, now: Date): Opening {
  const today = localTime(branch, now).toPlainDate();
  for (let ahead = 0; ahead <= searchedDays(branch); ahead++) {
    const day = today.add({ days: ahead });
    const hours = hoursOn(branch, day);
    if (!hours) continue;
    const opens = instantAt(branch, day, hours.opens);
    const closes = instantAt(branch, day, hours.closes);
    // A change of the clocks can swallow all of a day's hours: Samoa had no 30 December 2011.
    if (opens < closes && closes > now) return { opens, closes };
  }
  throw new Error(`branch ${branch.id} opens on no weekday`);
}

/**
 * Each week has a day that it opens on, and a holiday takes one such day at most. Two weeks more: today's hours may be
 * over, and the clocks may have swallowed a day.
 */
function searchedDays({ holidays }: Branch): number {
  return daysOfWeek * (holidays.length + 3);
}

function hoursOn(branch: Branch, day: Temporal.PlainDate): OpeningHours | undefined {
  const weekday = weekdays[day.dayOfWeek - 1]!;
  return branch.holidays.includes(day.toString()) ? undefined : branch.hours[weekday];
}

function localTime(branch: Branch, now: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(branch.time_zone);
}

/**
 * The first moment of the day at which the branch's wall clock shows this time or a later one: where the clocks jump over
 * the time, that is the jump; where they show it twice, the first. So hours never turn around. `24:00` ends the day.
 */
function instantAt(branch: Branch, day: Temporal.PlainDate, time: string): Date {
  const shown = time === '24:00' ? day.add({ days: 1 }).toPlainDateTime() : day.toPlainDateTime(time);
  const zoned = shown.toZonedDateTime(branch.time_zone, { disambiguation: 'earlier' });
  const moment = zoned.toPlainDateTime().equals(shown) ? zoned : zoned.getTimeZoneTransition('next');
  return new Date((moment ?? zoned).epochMilliseconds);
}
