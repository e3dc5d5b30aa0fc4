import type { Branch, OpeningHours } from '@turno/shared';
import { nextOpening } from '../src/domain/branch-time.ts';

export const nineToSix = { opens: '09:00', closes: '18:00' };
export const weekdays = {
  monday: nineToSix,
  tuesday: nineToSix,
  wednesday: nineToSix,
  thursday: nineToSix,
  friday: nineToSix,
};
export const everyDayFrom = (hours: OpeningHours): Branch['hours'] => ({
  monday: hours,
  tuesday: hours,
  wednesday: hours,
  thursday: hours,
  friday: hours,
  saturday: hours,
  sunday: hours,
});
export const everyDay = everyDayFrom(nineToSix);
export const aroundTheClock = { opens: '00:00', closes: '24:00' };

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

export function branchIn(time_zone: string, hours: Branch['hours'] = weekdays, holidays: string[] = []): Branch {
  return { id: '27b6', time_zone, hours, holidays } as unknown as Branch;
}

export function hoursAt(branch: Branch, now: string): [string, string] {
  const { opens, closes } = nextOpening(branch, new Date(now));
  return [opens.toISOString(), closes.toISOString()];
}
