import { InvalidArgumentError } from 'commander';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time as people type it, in milliseconds: `30m`, `24h`, `7d`, or `0`. */
export function lengthOfTime(value: string): number {
  if (value === '0') return 0;
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
  if (count === undefined) throw new InvalidArgumentError('Expected is 30m, 24h, 7d or 0.');
  return Number(count) * unitMs[unit as keyof typeof unitMs];
}

/** A moment that is still to come: in `30m`, `24h` or `90d`, or a date or time in ISO 8601 (UTC unless it says otherwise). */
export function timeToCome(value: string, now = new Date()): Date {
  const isDate = /^\d{4}-\d\d-\d\d(T|$)/.test(value);
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(value);
  const asDate = () => new Date(value.includes('T') && !hasZone ? `${value}Z` : value);
  const moment = isDate ? asDate() : new Date(now.getTime() + lengthOfTime(value));
  if (!(moment.getTime() > now.getTime())) {
    throw new InvalidArgumentError('A time to come is expected: 24h, 90d, 2027-11-24 or 2027-11-24T17:00.');
  }
  return moment;
}
