import { describe, expect, test } from '@jest/globals';
import type { Branch } from '@turno/shared';
import { businessDay, nextOpening } from './branch-time.ts';

const nineToSix = { opens: '09:00', closes: '18:00' };
const weekdays = {
  monday: nineToSix,
  tuesday: nineToSix,
  wednesday: nineToSix,
  thursday: nineToSix,
  friday: nineToSix,
};
const everyDay = { ...weekdays, saturday: nineToSix, sunday: nineToSix };

function branchIn(time_zone: string, hours: Branch['hours'] = weekdays, holidays: string[] = []): Branch {
  return { id: '27b6', time_zone, hours, holidays } as unknown as Branch;
}

function hoursAt(branch: Branch, now: string): [string, string] {
  const { opens, closes } = nextOpening(branch, new Date(now));
  return [opens.toISOString(), closes.toISOString()];
}

describe('the next opening', () => {
  const lima = branchIn('America/Lima');
  const monday = ['2017-02-20T14:00:00.000Z', '2017-02-20T23:00:00.000Z'];
  const tuesday = ['2017-02-21T14:00:00.000Z', '2017-02-21T23:00:00.000Z'];

  test.each([
    ['before opening', '2017-02-20T10:00:00Z', monday],
    ['just after local midnight', '2017-02-20T05:00:00Z', monday],
    ['while it is open', '2017-02-20T18:30:00Z', monday],
    ['a millisecond before closing', '2017-02-20T22:59:59.999Z', monday],
    ['at closing', '2017-02-20T23:00:00Z', tuesday],
    ['in the evening, when UTC has the next day already', '2017-02-21T03:00:00Z', tuesday],
  ])('when it is %s, then the hours are those of that business day', (_when, now, hours) => {
    expect(hoursAt(lima, now)).toEqual(hours);
  });

  test('when Friday is over and the weekend is closed, then it is Monday', () => {
    expect(hoursAt(lima, '2017-02-17T23:00:00Z')).toEqual(monday);
  });

  test('when today is a closed weekday, then it is the next day that opens', () => {
    expect(hoursAt(lima, '2017-02-19T15:00:00Z')).toEqual(monday);
  });

  test('when Saturday is short, then its own hours count', () => {
    const branch = branchIn('America/Lima', { ...weekdays, saturday: { opens: '09:00', closes: '13:00' } });

    expect(hoursAt(branch, '2017-02-18T16:00:00Z')).toEqual(['2017-02-18T14:00:00.000Z', '2017-02-18T18:00:00.000Z']);
    expect(hoursAt(branch, '2017-02-18T18:00:00Z')).toEqual(monday);
  });

  test('when holidays follow on a weekend, then all of them are skipped', () => {
    const branch = branchIn('America/Lima', weekdays, ['2017-02-20', '2017-02-21']);

    expect(hoursAt(branch, '2017-02-17T23:30:00Z')).toEqual(['2017-02-22T14:00:00.000Z', '2017-02-22T23:00:00.000Z']);
  });

  test('when the branch opens on no day of the year, then that is an error that names it', () => {
    expect(() => nextOpening(branchIn('America/Lima', {}), new Date())).toThrow('branch 27b6 opens on no day');
  });
});

describe('the next opening around a change of the clocks', () => {
  test.each([
    ['New York springs forward', 'America/New_York', '2026-03-08T05:30:00Z', 'T13:00', 'T22:00'],
    ['New York is the day before', 'America/New_York', '2026-03-07T05:30:00Z', 'T14:00', 'T23:00'],
    ['New York falls back', 'America/New_York', '2026-11-01T04:30:00Z', 'T14:00', 'T23:00'],
    ['Madrid springs forward', 'Europe/Madrid', '2026-03-29T00:30:00Z', 'T07:00', 'T16:00'],
    ['Madrid falls back', 'Europe/Madrid', '2026-10-25T00:30:00Z', 'T08:00', 'T17:00'],
  ])('when %s, then 09:00 to 18:00 stay what the wall clock says', (_when, zone, now, opens, closes) => {
    const day = now.slice(0, 10);

    expect(hoursAt(branchIn(zone, everyDay), now)).toEqual([`${day}${opens}:00.000Z`, `${day}${closes}:00.000Z`]);
  });

  test('when a branch opens in the hour that is skipped, then it opens as soon as the clock has jumped', () => {
    const branch = branchIn('America/New_York', { sunday: { opens: '02:30', closes: '12:00' } });

    expect(hoursAt(branch, '2026-03-08T05:00:00Z')).toEqual(['2026-03-08T07:30:00.000Z', '2026-03-08T16:00:00.000Z']);
  });
});

describe('the next opening across the date line', () => {
  test('when UTC still has Sunday, then Kiritimati has the Monday that it opens on', () => {
    expect(hoursAt(branchIn('Pacific/Kiritimati'), '2026-03-01T12:00:00Z')).toEqual([
      '2026-03-01T19:00:00.000Z',
      '2026-03-02T04:00:00.000Z',
    ]);
  });

  test('when UTC has Saturday already, then Pago Pago still has the Friday that it opens on', () => {
    expect(hoursAt(branchIn('Pacific/Pago_Pago'), '2026-03-07T04:30:00Z')).toEqual([
      '2026-03-06T20:00:00.000Z',
      '2026-03-07T05:00:00.000Z',
    ]);
  });
});

describe('the business day', () => {
  test.each([
    ['America/Lima', '2017-02-20T04:59:59.999Z', '2017-02-19'],
    ['America/Lima', '2017-02-20T05:00:00.000Z', '2017-02-20'],
    ['America/Lima', '2017-01-01T04:59:59.999Z', '2016-12-31'],
    ['America/Lima', '2017-01-01T05:00:00.000Z', '2017-01-01'],
    ['Europe/Madrid', '2025-12-31T23:00:00.000Z', '2026-01-01'],
    ['Europe/Madrid', '2026-03-29T21:59:59.999Z', '2026-03-29'],
    ['Europe/Madrid', '2026-03-29T22:00:00.000Z', '2026-03-30'],
    ['Pacific/Kiritimati', '2025-12-31T10:00:00.000Z', '2026-01-01'],
    ['Pacific/Pago_Pago', '2026-01-01T10:59:59.999Z', '2025-12-31'],
    ['Asia/Kathmandu', '2026-02-28T18:15:00.000Z', '2026-03-01'],
    ['UTC', '2024-02-29T00:00:00.000Z', '2024-02-29'],
  ])('when it is %s at %s, then it is %s', (zone, now, day) => {
    expect(businessDay(branchIn(zone), new Date(now))).toBe(day);
  });
});
