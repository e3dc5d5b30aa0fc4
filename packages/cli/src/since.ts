import { InvalidArgumentError } from 'commander';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A moment as people type it: `30m`, `2h` or `7d` ago, or a date or time in ISO 8601 (UTC unless it says otherwise). */
export function since(value: string, now = new Date()): Date {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * unitMs[unit as keyof typeof unitMs]);
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(value);
  const moment = new Date(/^\d{4}-\d\d-\d\dT/.test(value) && !hasZone ? `${value}Z` : value);
  if (!/^\d{4}-\d\d-\d\d(T|$)/.test(value) || Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('Expected is 30m, 2h, 7d, 2026-11-24 or 2026-11-24T17:00.');
  }
  return moment;
}
