import { describe, expect, test } from '@jest/globals';
import {
  nineToSix,
  weekdays,
  everyDayFrom,
  everyDay,
  aroundTheClock,
  dayAfter,
  branchIn,
  hoursAt,
} from '../../test/branch-hours.ts';
import { businessDay, nextOpening } from './branch-time.ts';

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

  test('when holidays close a branch for longer than a year, then it is the first day after them', () => {
    const mondays = Array.from({ length: 60 }, (_, week) => dayAfter('2017-02-20', week * 7));
    const branch = branchIn('America/Lima', { monday: nineToSix }, mondays);

    expect(hoursAt(branch, '2017-02-20T10:00:00Z')[0]).toBe(`${dayAfter('2017-02-20', 60 * 7)}T14:00:00.000Z`);
  });

  test('when the year ends with closed days, then it is the first business day of the new year', () => {
    const branch = branchIn('America/Lima', weekdays, ['2027-01-01']);

    expect(hoursAt(branch, '2026-12-31T23:00:00Z')).toEqual(['2027-01-04T14:00:00.000Z', '2027-01-04T23:00:00.000Z']);
  });

  test('when a day before the leap day is over, then the leap day follows', () => {
    expect(hoursAt(branchIn('UTC', everyDay), '2028-02-28T18:00:00Z')[0]).toBe('2028-02-29T09:00:00.000Z');
  });

  test('when a branch has no weekday at all, then that is an error that names it', () => {
    expect(() => nextOpening(branchIn('America/Lima', {}), new Date())).toThrow('branch 27b6 opens on no weekday');
  });
});

describe('the next opening of a branch that is open until midnight', () => {
  const evening = { opens: '20:00', closes: '24:00' };

  test.each([
    ['a second before midnight', '2017-02-21T04:59:59Z', '2017-02-21T01:00:00.000Z', '2017-02-21T05:00:00.000Z'],
    ['at midnight', '2017-02-21T05:00:00Z', '2017-02-22T01:00:00.000Z', '2017-02-22T05:00:00.000Z'],
  ])('when it is %s, then the hours are those of the day that has begun', (_when, now, opens, closes) => {
    expect(hoursAt(branchIn('America/Lima', { monday: evening, tuesday: evening }), now)).toEqual([opens, closes]);
  });

  test('when it is open around the clock, then one day closes as the next one opens', () => {
    const clinic = branchIn('America/Lima', everyDayFrom(aroundTheClock));
    const [, closes] = hoursAt(clinic, '2017-02-20T10:00:00Z');

    expect(closes).toBe('2017-02-21T05:00:00.000Z');
    expect(hoursAt(clinic, closes)[0]).toBe(closes);
  });

  test.each([
    ['the last day of the year', 'Asia/Kathmandu', '2026-12-31T12:00:00Z', '2026-12-31T18:15:00.000Z'],
    ['the day before a leap day', 'Pacific/Apia', '2028-02-28T12:00:00Z', '2028-02-29T11:00:00.000Z'],
  ])('when it is %s in %s, then it closes as that day ends there', (_when, _zone, now, closes) => {
    expect(hoursAt(branchIn(_zone, everyDayFrom(aroundTheClock)), now)[1]).toBe(closes);
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
    ['Asia/Kathmandu', '2026-12-31T18:14:59.999Z', '2026-12-31'],
    ['Asia/Kathmandu', '2026-12-31T18:15:00.000Z', '2027-01-01'],
    ['Pacific/Apia', '2026-12-31T10:59:59.999Z', '2026-12-31'],
    ['Pacific/Apia', '2026-12-31T11:00:00.000Z', '2027-01-01'],
    ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31'],
    ['America/Sao_Paulo', '2018-11-04T02:59:59.999Z', '2018-11-03'],
    ['America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-04'],
    ['UTC', '2024-02-29T00:00:00.000Z', '2024-02-29'],
  ])('when it is %s at %s, then it is %s', (zone, now, day) => {
    expect(businessDay(branchIn(zone), new Date(now))).toBe(day);
  });
});
