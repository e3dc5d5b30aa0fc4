import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import type { Clock } from '@turno/shared';
import { countriesOfPhone } from './recipient-time.ts';
import type { HeldBackReason } from './sms-record.ts';

export interface SmsDestinationsOptions {
  /** Whose numbers may be texted. */
  readonly countries: 'any' | ReadonlySet<CountryCode>;
  /** SMS to numbers of one prefix within an hour, by this instance; 0 for no cap. */
  readonly maxPerPrefix: number;
  readonly clock: Clock;
}

/** Numbers that differ in these last digits alone have one prefix: they are 10,000, as operators are given and rent out. */
const digitsBehindPrefix = 4;
const windowMs = 60 * 60_000;
/** How many prefixes an instance remembers, those that came last. */
const rememberedAtMost = 20_000;

interface Counted {
  readonly since: number;
  count: number;
}

/**
 * Where SMS may go, and how many. Whoever asks for tickets to have SMS sent (SMS pumping) earns on numbers of a country that
 * nobody here serves, or on many of one range.
 */
export class SmsDestinations {
  readonly #options: SmsDestinationsOptions;
  /** By prefix; those whose hour began last are last. */
  readonly #counted = new Map<string, Counted>();

  constructor(options: SmsDestinationsOptions) {
    this.#options = options;
  }

  /**
   * Adds a new SMS, with the reason for which it is held back, if it is. One that was there already, or could not be added,
   * does not count.
   */
  async enter<T>(phone: string, add: (reason?: HeldBackReason) => Promise<T | undefined>): Promise<T | undefined> {
    const reason = this.#admit(phone);
    let added: T | undefined;
    try {
      added = await add(reason);
      return added;
    } finally {
      if (!added && !reason) this.#giveBack(phone);
    }
  }

  #admit(phone: string): HeldBackReason | undefined {
    const { countries, maxPerPrefix } = this.#options;
    if (countries !== 'any' && !countriesOfPhone(phone).some((country) => countries.has(country)))
      return 'DESTINATION_NOT_ALLOWED';
    if (maxPerPrefix === 0) return undefined;
    const counted = this.#countedOf(prefixOf(phone));
    if (counted.count >= maxPerPrefix) return 'PREFIX_CAP';
    counted.count++;
    return undefined;
  }

  #giveBack(phone: string): void {
    const counted = this.#counted.get(prefixOf(phone));
    if (counted && counted.count > 0) counted.count--;
  }

  #countedOf(prefix: string): Counted {
    const now = this.#options.clock().getTime();
    const known = this.#counted.get(prefix);
    if (known && now - known.since < windowMs) return known;
    const counted = { since: now, count: 0 };
    this.#counted.delete(prefix);
    this.#counted.set(prefix, counted);
    const [oldest] = this.#counted.keys();
    if (this.#counted.size > rememberedAtMost) this.#counted.delete(oldest!);
    return counted;
  }
}

function prefixOf(phone: string): string {
  return phone.slice(0, -digitsBehindPrefix);
}

/**
 * Reads `PE,CL`, or `any`.
 *
 * @throws Error naming the first part that is no country
 */
export function smsCountriesOf(text: string): SmsDestinationsOptions['countries'] {
  if (text.trim() === 'any') return 'any';
  const countries = text.split(',').map((part) => part.trim());
  return new Set(
    countries.map((country) => {
      if (isSupportedCountry(country)) return country;
      throw new Error(`"${country}" is no country; codes are those of ISO 3166, such as PE,CL; or any`);
    }),
  );
}
