import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aroundTheClock, branchIn, everyDayFrom, weekdays } from '../../test/branch-hours.ts';
import { businessDay, businessDayUntil, nextOpening } from './branch-time.ts';
import { rememberedBusinessDay, rememberedOpening } from './remembered-time.ts';

/** Clocks that change at midnight, a minute past it, by half an hour, or by a whole day; and those that never do. */
const zones = [
  'America/Lima',
  'America/Havana',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/New_York',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Europe/Madrid',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];
/** Nights of these changes. */
const nights = ['2006-10-29', '2010-11-07', '2011-12-30', '2018-02-17', '2018-11-04', '2026-03-08', '2026-10-25'];
const hours = [
  weekdays,
  everyDayFrom(aroundTheClock),
  everyDayFrom({ opens: '00:00', closes: '00:01' }),
  everyDayFrom({ opens: '23:30', closes: '24:00' }),
  { sunday: { opens: '01:15', closes: '01:45' } },
];

const dayMs = 86_400_000;
const branches = fc.record({
  zone: fc.constantFrom(...zones),
  openOn: fc.constantFrom(...hours),
  holidays: fc.subarray(nights),
});
const aroundANight = fc
  .tuple(fc.constantFrom(...nights), fc.integer({ min: -2 * dayMs, max: 2 * dayMs }))
  .map(([night, offset]) => new Date(Date.parse(night) + offset));
const anyTime = fc.date({ min: new Date('2005-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
const moments = fc.array(fc.oneof(aroundANight, anyTime), { minLength: 2, maxLength: 20 });

describe('what is remembered of a branch', () => {
  test.each([
    ['as the moments come', (times: Date[]) => times],
    ['one moment after the other', (times: Date[]) => times.toSorted((a, b) => a.getTime() - b.getTime())],
  ])('when it is asked for %s, then it is what is found without remembering', (_how, order) => {
    fc.assert(
      fc.property(branches, moments, ({ zone, openOn, holidays }, times) => {
        const branch = branchIn(zone, openOn, holidays);
        for (const now of order(times)) {
          expect(rememberedBusinessDay(branch, now)).toBe(businessDay(branch, now));
          expect(rememberedOpening(branch, now)).toEqual(nextOpening(branch, now));
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(zones)('when a day or a clock changes in %s, then it changes at that very millisecond', (zone) => {
    for (const night of nights) {
      const branch = branchIn(zone, everyDayFrom(aroundTheClock));
      let change = businessDayUntil(branch, new Date(Date.parse(night) - dayMs));
      for (let changes = 0; changes < 3; changes++) {
        const times = [new Date(change.getTime() - 1), change];
        expect(times.map((now) => rememberedBusinessDay(branch, now))).toEqual(
          times.map((now) => businessDay(branch, now)),
        );
        change = businessDayUntil(branch, change);
      }
    }
  });
});
