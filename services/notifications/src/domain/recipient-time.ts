import {
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/max';

/** What a phone number tells of where its owner is. */
export interface Whereabouts {
  /** Several where the number is in no plan yet, as with a new area code: then it may be any country of its calling code. */
  readonly countries: readonly CountryCode[];
  /** IANA names of all time zones that are possible. */
  readonly timeZones: readonly string[];
}

/**
 * Calling codes under which a mobile number has an area code like any other: North America, Mexico, Argentina, Brazil.
 * Elsewhere mobile numbers are the same in the whole country, whatever time zone the tables give for their range.
 *
 * @see Google's libphonenumber, PhoneNumberUtil.GEO_MOBILE_COUNTRIES
 */
const withAreaCodesForMobiles = new Set(['1', '52', '54', '55']);

/** No area of those calling codes is told by more digits than these, the plus included. */
const areaLength = 9;
const zonesOfAreas = new Map<string, readonly string[] | undefined>();

/** Undefined for a number that belongs to no country. */
export async function whereaboutsOf(phone: string): Promise<Whereabouts | undefined> {
  const number = parsePhoneNumberFromString(phone);
  if (!number) return undefined;
  const countries = countriesOf(number);
  const ofCountries = countries.flatMap(timeZonesOf);
  const ofArea = await zonesOfArea(number);
  // A number of no area, as a toll-free one, has those of the whole calling code in the table: from Bermuda to Guam.
  const isOfAnArea = ofArea !== undefined && ofArea.length <= ofCountries.length;
  return { countries, timeZones: isOfAnArea ? ofArea : ofCountries };
}

/** The countries whose number it may be, none where it belongs to no country. */
export function countriesOfPhone(phone: string): readonly CountryCode[] {
  const number = parsePhoneNumberFromString(phone);
  return number ? countriesOf(number) : [];
}

function countriesOf({ country, countryCallingCode }: PhoneNumber): CountryCode[] {
  if (country) return [country];
  return getCountries().filter((each) => getCountryCallingCode(each) === countryCallingCode);
}

/** The table is a file that is read as a whole for every look-up, so what it says of an area is kept. */
async function zonesOfArea(number: PhoneNumber): Promise<readonly string[] | undefined> {
  if (!withAreaCodesForMobiles.has(number.countryCallingCode) || !number.isValid()) return undefined;
  const area = number.number.slice(0, areaLength);
  if (!zonesOfAreas.has(area)) {
    // It takes 18 MB of memory, and only quiet hours ask for it.
    const { timezones } = await import('libphonenumber-geo-carrier');
    zonesOfAreas.set(area, (await timezones(number)) ?? undefined);
  }
  return zonesOfAreas.get(area);
}

function timeZonesOf(country: CountryCode): string[] {
  return new Intl.Locale('und', { region: country }).getTimeZones() ?? [];
}
