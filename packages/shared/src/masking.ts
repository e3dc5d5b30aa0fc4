/**
 * Keeps what tells two numbers apart in a log, not what identifies a person: `+51987776576` becomes `+51*******76`. Of what is
 * shorter than a phone less is told, since less is left to guess.
 */
export function mask(value: unknown): string {
  const text = String(value);
  if (text.length <= 5) return '*'.repeat(text.length);
  const told = text.length < 10 ? 0 : 3;
  return text.slice(0, told) + '*'.repeat(text.length - told - 2) + text.slice(-2);
}

/** A text that somebody else wrote, which may have phones where nobody expects them: each is masked. */
export function withoutPhones(text: string): string {
  return text.replaceAll(/\+[1-9]\d{3,14}/g, mask);
}

/** Without any of these a text is left as it is: most are. */
const suspicious = /\d{4}|dup key/;
/** What MongoDB says of a key that is there already. */
const keyInWords = /(dup key: \{)(.*)\}/g;
/** What drivers, parsers and providers quote of what they were given. */
const quotedNumber = /(?<=["'`])[^"'`\s]*\d{4}[^"'`\s]*(?=["'`])/g;
/** A phone without its plus, or a document's number, with a letter or two as some have them; behind `%2B` as well. */
const bareNumber =
  /(?<![0-9A-Za-z.]|(?<!%)%[0-9A-Fa-f])[A-Za-z]{0,2}\d{6,}[A-Za-z]?(?![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{2})\d{6,}(?![0-9A-Za-z])/g;

/**
 * A text that quotes what a person sent, as messages of errors do: phones are masked, and so is what may be the number of an
 * identity document, which nobody can tell from other numbers of six digits and more.
 */
export function withoutPersonal(text: string): string {
  if (!suspicious.test(text)) return text;
  const withoutKeys = text.replaceAll(keyInWords, (_all, before: string, key: string) => {
    return `${before}${key.replaceAll(/"[^"]*"/g, '"***"')}}`;
  });
  return withoutPhones(withoutKeys).replaceAll(quotedNumber, mask).replaceAll(bareNumber, mask);
}

/** What tells of a person, by the names that it goes by in the API, the catalogue, the directory and the databases. */
const personal = new Set([
  'phone',
  'to',
  'name',
  'customer_name',
  'customer_id',
  'customerId',
  'customer_id_number',
  'id_number',
  'idNumber',
  'holder',
  'slot',
]);
/** Of these not even a part is told. */
const secretive = new Set(['text', 'body', 'value', 'stringValue']);
/** What masks each of them. */
export const maskedByName: Readonly<Record<string, (value: unknown) => unknown>> = Object.fromEntries([
  ...[...personal].map((name) => [name, (value: unknown) => (value === null ? value : mask(value))]),
  ...[...secretive].map((name) => [name, (value: unknown) => (value === null ? value : hidden(value))]),
]);
/** Texts that may quote what somebody else said. */
const quoting = new Set(['reason', 'why', 'path', 'url', 'selected']);

/**
 * A log line without personal data: what goes by the name of some is masked, also one level down, and so are phones in a
 * reason. By hand, since a redaction by paths with a star takes ten times as long as the rest of the line.
 */
export function withoutPersonalData(line: object): Record<string, unknown> {
  return masked(line as Record<string, unknown>, true);
}

function masked(fields: Record<string, unknown>, isOutermost: boolean): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const field in fields) {
    const value = fields[field];
    const shown = shownAs(field, value, isOutermost);
    if (shown !== value) (copy ??= { ...fields })[field] = shown;
  }
  return copy ?? fields;
}

function shownAs(field: string, value: unknown, isOutermost: boolean): unknown {
  if (value === undefined || value === null) return value;
  if (typeof value === 'object') {
    const goesDeeper = isOutermost && !Array.isArray(value) && !(value instanceof Error) && !(value instanceof Date);
    return goesDeeper ? masked(value as Record<string, unknown>, false) : value;
  }
  if (personal.has(field)) return mask(value);
  if (secretive.has(field)) return hidden(value);
  return typeof value === 'string' && quoting.has(field) ? withoutPersonal(value) : value;
}

function hidden(value: unknown): string {
  return `(${String(value).length} characters)`;
}
