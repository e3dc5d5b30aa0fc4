import type { Branch, OpeningHours } from '@turno/shared';
import { Temporal } from 'temporal-polyfill';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** A branch that opens on no day of a year is a mistake in the catalogue. */
const searchedDays = 366;

/** The branch's calendar day at `now`, such as `2017-02-20`. Numbers start at 1 again with each. */
export function businessDay(branch: Branch, now: Date): string {
  return localTime(branch, now).toPlainDate().toString();
}

/** When the branch opens and closes: today's hours, or the next business day's once today's are over. */
export function nextOpening(branch: Branch, now: Date): { opens: Date; closes: Date } {
  const today = localTime(branch, now).toPlainDate();
  for (let ahead = 0; ahead <= searchedDays; ahead++) {
    const day = today.add({ days: ahead });
    const hours = hoursOn(branch, day);
    if (!hours) continue;
    const closes = instantAt(branch, day, hours.closes);
    if (closes > now) return { opens: instantAt(branch, day, hours.opens), closes };
  }
  throw new Error(`branch ${branch.id} opens on no day of the year that follows ${today.toString()}`);
}

function hoursOn(branch: Branch, day: Temporal.PlainDate): OpeningHours | undefined {
  const weekday = weekdays[day.dayOfWeek - 1]!;
  return branch.holidays.includes(day.toString()) ? undefined : branch.hours[weekday];
}

function localTime(branch: Branch, now: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(branch.time_zone);
}

function instantAt(branch: Branch, day: Temporal.PlainDate, time: string): Date {
  const zoned = day.toZonedDateTime({ timeZone: branch.time_zone, plainTime: Temporal.PlainTime.from(time) });
  return new Date(zoned.epochMilliseconds);
}
