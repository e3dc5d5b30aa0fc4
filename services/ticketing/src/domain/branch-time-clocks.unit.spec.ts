import { describe, expect, test } from '@jest/globals';
import { everyDayFrom, everyDay, aroundTheClock, dayAfter, branchIn, hoursAt } from '../../test/branch-hours.ts';
import { businessDay } from './branch-time.ts';

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
