import { beforeEach, describe, expect, test } from '@jest/globals';
import { SmsDestinations, smsCountriesOf } from './sms-destinations.ts';

let now: Date;
const clock = () => now;
beforeEach(() => {
  now = new Date('2017-02-20T10:00:00Z');
});

/** Adds an SMS that is new, and says why it is held back. */
const enter = async (destinations: SmsDestinations, phone: string) =>
  (await destinations.enter(phone, async (reason) => ({ reason })))?.reason;
const allowing = (countries: string) =>
  new SmsDestinations({ countries: smsCountriesOf(countries), maxPerPrefix: 0, clock });
const inRange = (last: number) => `+5198777${String(last).padStart(4, '0')}`;
const capped = (maxPerPrefix: number) => new SmsDestinations({ countries: 'any', maxPerPrefix, clock });

describe('the countries', () => {
  test.each([
    ['a number of Peru', 'PE,CL', '+51987776576', undefined],
    ['a number of Chile', 'PE,CL', '+56912345678', undefined],
    ['a number of another country', 'PE,CL', '+371200001234', 'DESTINATION_NOT_ALLOWED'],
    ['a satellite phone', 'PE,CL', '+881612345678', 'DESTINATION_NOT_ALLOWED'],
    ['a number of no country', 'PE,CL', '+9991234567', 'DESTINATION_NOT_ALLOWED'],
    ['one of Jamaica, which shares its calling code', 'US', '+18765551234', 'DESTINATION_NOT_ALLOWED'],
    ['one of the United States', 'US', '+12125551234', undefined],
    ['an area that is in no plan yet', 'US', '+13835551234', undefined],
    ['anybody', 'any', '+881612345678', undefined],
  ])('when it is %s and %s may be texted, then %s is judged %s', async (_who, countries, phone, verdict) => {
    await expect(enter(allowing(countries), phone)).resolves.toBe(verdict);
  });
});

describe('the cap on a prefix', () => {
  test('when a range has had what it may, then the rest is held back, and other ranges are not', async () => {
    const destinations = capped(2);

    const verdicts = await Promise.all([1, 2, 3].map((last) => enter(destinations, inRange(last))));

    expect(verdicts).toEqual([undefined, undefined, 'PREFIX_CAP']);
    expect(await enter(destinations, '+51987780001')).toBeUndefined();
  });

  test('when the hour of a range is over, then it may have as many again', async () => {
    const destinations = capped(1);
    await enter(destinations, inRange(1));

    now = new Date(now.getTime() + 59 * 60_000);
    expect(await enter(destinations, inRange(2))).toBe('PREFIX_CAP');
    now = new Date(now.getTime() + 60_000);
    expect(await enter(destinations, inRange(3))).toBeUndefined();
  });

  test('when an SMS was there already, or the database is away, then it is not counted', async () => {
    const destinations = capped(1);
    const away = new Error('the database is away');
    await destinations.enter(inRange(1), async () => undefined);
    await expect(destinations.enter(inRange(1), () => Promise.reject(away))).rejects.toBe(away);

    expect(await enter(destinations, inRange(1))).toBeUndefined();
    expect(await enter(destinations, inRange(2))).toBe('PREFIX_CAP');
  });

  test('when 30,000 ranges come, then the first are forgotten, and the last are not', async () => {
    const destinations = capped(1);
    const ranges = Array.from({ length: 30_000 }, (_, i) => `+1${String(2_000_000 + i)}0001`);
    await Promise.all(ranges.map((phone) => enter(destinations, phone)));

    expect(await enter(destinations, ranges[0]!)).toBeUndefined();
    expect(await enter(destinations, ranges.at(-1)!)).toBe('PREFIX_CAP');
  });
});

test.each(['Peru', 'PE;CL', 'PE,', 'pe'])(
  'when the countries are "%s", then the part that is none is named',
  (text) => {
    expect(() => smsCountriesOf(text)).toThrow(/is no country; codes are those of ISO 3166/);
  },
);
