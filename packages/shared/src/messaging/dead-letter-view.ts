import { mask, withoutPersonal, withoutPhones } from '../masking.ts';
import type { DeadLetter } from './dead-letter.ts';

/** One dead letter in a list, as `turno dead-letters list --json` and the operations server give it. */
export interface ListedLetter {
  readonly position: number;
  readonly message_id: string | null;
  readonly type: string | null;
  readonly request_id: string | null;
  readonly reason: string;
  readonly since: string | null;
  /** How often it was sent again before. */
  readonly redriven: number;
  /** Of the body, in bytes. */
  readonly size: number;
}

export interface ReasonTotal {
  readonly reason: string;
  readonly count: number;
}

export function listedLetter(letter: DeadLetter): ListedLetter {
  const { position, messageId, type, requestId, reason, since, redriven, body } = letter;
  return {
    position,
    message_id: messageId ?? null,
    type: type ?? null,
    request_id: requestId ?? null,
    reason: withoutPersonal(reason),
    since: since?.toISOString() ?? null,
    redriven,
    size: body.length,
  };
}

/** How many there are of each reason, the most frequent one first. */
export function reasonTotals(letters: readonly ListedLetter[]): ReasonTotal[] {
  const counts = Map.groupBy(letters, ({ reason }) => reason);
  return [...counts]
    .map(([reason, { length }]) => ({ reason, count: length }))
    .toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}

/** The body's value where it is JSON, else its text, with the field names it may still have masked unless revealed. */
export function bodyOf(
  { body }: Pick<DeadLetter, 'body'>,
  isRevealed: boolean,
): { readonly json: unknown } | { readonly text: string } {
  const text = body.toString();
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { text: isRevealed ? text : withoutPersonalFields(text) };
  }
}

/** A value as JSON, in lines that are indented, without phones and document numbers. */
export function maskedJson(value: unknown): string {
  return withoutPhones(JSON.stringify(value, maskPersonal, 2));
}

const personal = ['phone', 'to', 'customer_id', 'customer_id_number'];
const personalField = new RegExp(`(["'](?:${personal.join('|')})["']\\s*:\\s*["']?)([^"',}\\s]+)`, 'g');

function maskPersonal(name: string, part: unknown): unknown {
  return personal.includes(name) && (typeof part === 'string' || typeof part === 'number') ? mask(part) : part;
}

/** Of JSON that was cut off, say. */
function withoutPersonalFields(text: string): string {
  return text.replaceAll(personalField, (_field, before: string, value: string) => before + mask(value));
}
