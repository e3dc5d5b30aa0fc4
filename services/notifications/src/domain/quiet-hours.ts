import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { Temporal } from 'temporal-polyfill';
import { whereaboutsOf } from './recipient-time.ts';

/** Hours of the day in which no promotion goes to a country, in the recipient's time. They may go over midnight. */
export interface QuietRange {
  readonly country: CountryCode;
  /** The first minute, `21:00`. */
  readonly from: Temporal.PlainTime;
  /** The first minute after it, `08:00`. */
  readonly until: Temporal.PlainTime;
}

/** When promotions may not be sent. A turn may be sent at any time. */
export class QuietHours {
  readonly #ranges: readonly QuietRange[];

  constructor(ranges: readonly QuietRange[]) {
    this.#ranges = ranges;
  }

  /**
   * Whether it is quiet where the phone's owner is. Where the number leaves several time zones possible, quiet in one is
   * quiet in all.
   */
  async areOnFor(phone: string, now: Date): Promise<boolean> {
    if (this.#ranges.length === 0) return false;
    const whereabouts = await whereaboutsOf(phone);
    if (!whereabouts) return false;
    const { countries, timeZones } = whereabouts;
    const ranges = this.#ranges.filter(({ country }) => countries.includes(country));
    if (ranges.length === 0) return false;
    // Nobody knows what time it is there.
    if (timeZones.length === 0) return true;
    const instant = Temporal.Instant.fromEpochMilliseconds(now.getTime());
    return timeZones.some((zone) => {
      const time = instant.toZonedDateTimeISO(zone).toPlainTime();
      return ranges.some((range) => isWithin(range, time));
    });
  }
}

function isWithin({ from, until }: QuietRange, time: Temporal.PlainTime): boolean {
  const isAfterStart = Temporal.PlainTime.compare(time, from) >= 0;
  const isBeforeEnd = Temporal.PlainTime.compare(time, until) < 0;
  return Temporal.PlainTime.compare(from, until) < 0 ? isAfterStart && isBeforeEnd : isAfterStart || isBeforeEnd;
}

const timeOfDay = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const written = new RegExp(`^(?<country>[A-Z]{2})=(?<from>${timeOfDay})-(?<until>${timeOfDay})$`);

/**
 * Reads `US=21:00-08:00,PE=22:00-07:00`. A country may have several ranges.
 *
 * @throws Error naming the first part that is wrong
 */
export function quietRangesOf(text: string): QuietRange[] {
  return text.split(',').map((part) => {
    const { country, from, until } = written.exec(part.trim())?.groups ?? {};
    if (!country || !from || !until) throw new Error(`"${part.trim()}" is not like US=21:00-08:00`);
    if (!isSupportedCountry(country))
      throw new Error(`"${country}" is no country; codes are those of ISO 3166, such as US`);
    if (from === until)
      throw new Error(
        `${country} is quiet from ${from} to ${until}: use SMS_PROMOTIONS=never for no promotions at all`,
      );
    return { country, from: Temporal.PlainTime.from(from), until: Temporal.PlainTime.from(until) };
  });
}
