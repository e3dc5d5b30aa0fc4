import { describe, expect, test } from '@jest/globals';
import { QuietHours, quietRangesOf } from './quiet-hours.ts';

const quietHours = new QuietHours(
  quietRangesOf('US=21:00-08:00,AU=21:00-08:00,PE=22:00-07:00, PE=13:00-14:00,BR=21:00-08:00'),
);
const newYork = '+12125551234';
const losAngeles = '+13105551234';
const tollFree = '+18005551234';
const lima = '+51987776576';
const australianMobile = '+61412345678';

describe('quiet hours', () => {
  test.each([
    // In winter New York is five hours behind UTC and Los Angeles eight.
    ['Los Angeles before 21:00', losAngeles, '2026-01-15T04:59Z', false],
    ['Los Angeles at 21:00', losAngeles, '2026-01-15T05:00Z', true],
    ['Los Angeles before 8:00', losAngeles, '2026-01-15T15:59Z', true],
    ['Los Angeles at 8:00', losAngeles, '2026-01-15T16:00Z', false],
    ['New York at that time', newYork, '2026-01-15T04:59Z', true],
    ['New York at 8:00 in summer', newYork, '2026-07-15T12:00Z', false],
    ['Manaus before 8:00', '+5592991234567', '2026-01-15T11:30Z', true],
    ['São Paulo at that time', '+5511991234567', '2026-01-15T11:30Z', false],
    ['Lima before midnight', lima, '2026-01-15T04:59Z', true],
    ['Lima after midnight', lima, '2026-01-15T05:01Z', true],
    ['Lima in the morning', lima, '2026-01-15T15:00Z', false],
    ['Lima over lunch', lima, '2026-01-15T18:30Z', true],
    ['Canada, which has none', '+14165551234', '2026-01-15T06:00Z', false],
    ['a number of no country', '+999123456', '2026-01-15T06:00Z', false],
  ])('when it is %s, then they are told by the time there', async (_where, phone, now, areOn) => {
    await expect(quietHours.areOnFor(phone, new Date(now))).resolves.toBe(areOn);
  });

  test.each([
    ['a toll-free number, and it is night in Hawaii', tollFree, '2026-01-15T17:30Z', true],
    ['a toll-free number, and it is day everywhere', tollFree, '2026-01-15T20:00Z', false],
    ['an area code that is in no plan yet, and it is night in Hawaii', '+12225551234', '2026-01-15T17:30Z', true],
    ['an Australian mobile, and it is 8:30 in Sydney', australianMobile, '2026-01-15T21:30Z', true],
    ['an Australian mobile, and it is day in Perth, too', australianMobile, '2026-01-15T04:00Z', false],
  ])('when the number is %s, then quiet in one time zone is quiet in all', async (_what, phone, now, areOn) => {
    await expect(quietHours.areOnFor(phone, new Date(now))).resolves.toBe(areOn);
  });

  test.each([
    ['US', '"US" is not like US=21:00-08:00'],
    ['US=21:00-08:00,', '"" is not like US=21:00-08:00'],
    ['US=21-8', '"US=21-8" is not like US=21:00-08:00'],
    ['US=21:00-24:00', '"US=21:00-24:00" is not like US=21:00-08:00'],
    ['ZZ=21:00-08:00', '"ZZ" is no country; codes are those of ISO 3166, such as US'],
    ['PE=21:00-21:00', 'PE is quiet from 21:00 to 21:00: use SMS_PROMOTIONS=never for no promotions at all'],
  ])('when they are written as %s, then the part that is wrong is named', (text, message) => {
    expect(() => quietRangesOf(text)).toThrow(message);
  });
});
