import { describe, expect, test } from '@jest/globals';
import type { Branch, OpeningHours } from '@turno/shared';
import { businessDay, nextOpening } from './branch-time.ts';

const nineToSix = { opens: '09:00', closes: '18:00' };
const weekdays = {
  monday: nineToSix,
  tuesday: nineToSix,
  wednesday: nineToSix,
  thursday: nineToSix,
  friday: nineToSix,
};
const everyDayFrom = (hours: OpeningHours): Branch['hours'] => ({
  monday: hours,
  tuesday: hours,
  wednesday: hours,
  thursday: hours,
  friday: hours,
  saturday: hours,
  sunday: hours,
});
const everyDay = everyDayFrom(nineToSix);
const aroundTheClock = { opens: '00:00', closes: '24:00' };

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

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

  test.each([
    ['opens', { opens: '02:30', closes: '12:00' }, '2026-03-08T07:00:00.000Z', '2026-03-08T16:00:00.000Z'],
    ['opens as it begins', { opens: '02:00', closes: '12:00' }, '2026-03-08T07:00:00.000Z', '2026-03-08T16:00:00.000Z'],
    ['closes', { opens: '01:00', closes: '02:59' }, '2026-03-08T06:00:00.000Z', '2026-03-08T07:00:00.000Z'],
  ])(
    'when a branch %s in the hour that is skipped, then it does as the clock jumps',
    (_what, sunday, opens, closes) => {
      expect(hoursAt(branchIn('America/New_York', { sunday }), '2026-03-08T05:00:00Z')).toEqual([opens, closes]);
    },
  );

  test('when the skipped hour swallows all of the hours, then it is the next day that opens', () => {
    const branch = branchIn('America/New_York', everyDayFrom({ opens: '02:15', closes: '02:45' }));

    expect(hoursAt(branch, '2026-03-08T05:00:00Z')).toEqual(['2026-03-09T06:15:00.000Z', '2026-03-09T06:45:00.000Z']);
  });

  test('when an hour is there twice, then it opens and closes in the first', () => {
    const branch = branchIn('America/New_York', { sunday: { opens: '01:15', closes: '01:45' } });

    expect(hoursAt(branch, '2026-11-01T04:00:00Z')).toEqual(['2026-11-01T05:15:00.000Z', '2026-11-01T05:45:00.000Z']);
  });

  // Clocks that change at midnight: it is skipped in spring, and the last hour of the day before is there twice in autumn.
  test.each([
    ['Sao Paulo springs forward', 'America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', 23],
    ['Sao Paulo falls back', 'America/Sao_Paulo', '2018-02-17', '2018-02-17T02:00:00.000Z', 25],
    ['Cairo springs forward', 'Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', 23],
    ['Cairo falls back', 'Africa/Cairo', '2026-10-29', '2026-10-28T21:00:00.000Z', 25],
    ['Beirut springs forward', 'Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z', 23],
    ['Beirut falls back', 'Asia/Beirut', '2026-10-24', '2026-10-23T21:00:00.000Z', 25],
    ['Madrid springs forward', 'Europe/Madrid', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Madrid falls back', 'Europe/Madrid', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['Havana skips midnight', 'America/Havana', '2026-03-08', '2026-03-08T05:00:00.000Z', 23],
    ['Havana has midnight twice', 'America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
  ])(
    'when %s, then around the clock is that day, from its first moment to its last',
    (_when, zone, day, from, hours) => {
      const clinic = branchIn(zone, everyDayFrom(aroundTheClock));
      const [opens, closes] = hoursAt(clinic, `${day}T12:00:00Z`);

      expect([opens, Date.parse(closes) - Date.parse(opens)]).toEqual([from, hours * 3_600_000]);
      expect(businessDay(clinic, new Date(opens))).toBe(day);
      expect(businessDay(clinic, new Date(Date.parse(closes) - 1))).toBe(day);
      expect(businessDay(clinic, new Date(closes))).toBe(dayAfter(day, 1));
      expect(hoursAt(clinic, closes)[0]).toBe(closes);
    },
  );
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

  test('when Lima still has Sunday morning, then Apia has the Monday that it opens on', () => {
    expect(hoursAt(branchIn('Pacific/Apia'), '2026-03-01T14:00:00Z')).toEqual([
      '2026-03-01T20:00:00.000Z',
      '2026-03-02T05:00:00.000Z',
    ]);
  });

  test('when Kathmandu opens, then it does so at a quarter past the hour', () => {
    expect(hoursAt(branchIn('Asia/Kathmandu'), '2026-03-02T00:00:00Z')[0]).toBe('2026-03-02T03:15:00.000Z');
  });

  test('when Samoa leaves out Friday 30 December 2011, then Thursday is followed by Saturday', () => {
    const apia = branchIn('Pacific/Apia', everyDay);

    expect(hoursAt(apia, '2011-12-30T04:00:00Z')).toEqual(['2011-12-30T19:00:00.000Z', '2011-12-31T04:00:00.000Z']);
    expect(hoursAt(branchIn('Pacific/Apia', everyDayFrom(aroundTheClock)), '2011-12-30T09:59:59Z')[1]).toBe(
      '2011-12-30T10:00:00.000Z',
    );
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
