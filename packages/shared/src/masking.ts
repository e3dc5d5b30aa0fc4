/** Keeps what tells two numbers apart in a log, not what identifies a person: `+51987776576` becomes `+51*******76`. */
export function mask(value: unknown): string {
  const text = String(value);
  if (text.length <= 5) return '*'.repeat(text.length);
  return text.slice(0, 3) + '*'.repeat(text.length - 5) + text.slice(-2);
}

/** A text that somebody else wrote, which may have phones where nobody expects them: each is masked. */
export function withoutPhones(text: string): string {
  return text.replaceAll(/\+[1-9]\d{3,14}/g, mask);
}

/** What tells of a person, by the names that it goes by in the API, the catalogue and the customer directory. */
const personal = new Set(['phone', 'to', 'customer_id_number', 'id_number', 'name', 'customer_name']);
/** What masks each of them. */
export const maskedByName: Readonly<Record<string, (value: unknown) => unknown>> = Object.fromEntries(
  [...personal].map((name) => [name, (value: unknown) => (value === null ? value : mask(value))]),
);
/** Texts that may quote what somebody else said. */
const quoting = new Set(['reason', 'why']);

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
  return typeof value === 'string' && quoting.has(field) ? withoutPhones(value) : value;
}
