import { mask, type DeadLetter } from '@turno/shared';
import { printable, withoutPhones } from './safe-text.ts';
import { tableLines } from './table.ts';

/** One dead letter in a list, as `--json` writes it. */
export interface ListedLetter {
  readonly position: number;
  readonly message_id: string | null;
  readonly type: string | null;
  readonly request_id: string | null;
  readonly reason: string;
  readonly since: string | null;
  /** Of the body, in bytes. */
  readonly size: number;
}

export interface ReasonTotal {
  readonly reason: string;
  readonly count: number;
}

export function listed({ position, messageId, type, requestId, reason, since, body }: DeadLetter): ListedLetter {
  return {
    position,
    message_id: messageId ?? null,
    type: type ?? null,
    request_id: requestId ?? null,
    reason: withoutPhones(reason),
    since: since?.toISOString() ?? null,
    size: body.length,
  };
}

/** The most frequent reason first. */
export function totalsOf(reasons: readonly string[]): ReasonTotal[] {
  const counts = Map.groupBy(reasons, (reason) => reason);
  return [...counts]
    .map(([reason, { length }]) => ({ reason, count: length }))
    .toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}

/** `   2  12 × delivery_limit` */
export function totalLine({ reason, count }: ReasonTotal): string {
  return `${count.toLocaleString('en').padStart(7)} × ${printable(reason)}`;
}

/** A table with a heading, the reason last because it is the longest. */
export function listLines(letters: readonly ListedLetter[]): string[] {
  const heading = ['#', 'since', 'bytes', 'type', 'message id', 'request id', 'reason'];
  const rows = letters.map((letter) => [
    letter.position.toLocaleString('en'),
    letter.since?.replace(/\.\d+/, '') ?? '-',
    letter.size.toLocaleString('en'),
    letter.type ?? '-',
    letter.message_id ?? `- (@${letter.position})`,
    letter.request_id ?? '-',
    letter.reason,
  ]);
  return tableLines([heading, ...rows], [0, 2]);
}

/** All of a letter: its properties and its body, JSON or not. Phones and document numbers are masked unless revealed. */
export function letterText(letter: DeadLetter, isRevealed: boolean): string {
  const { headers, ...properties } = letter.properties;
  const since = letter.since?.toISOString() ?? 'an unknown time';
  const parts = [
    `Dead letter ${letter.position}: ${letter.reason}, since ${since}`,
    `\nProperties\n${pretty(properties, isRevealed)}`,
    `\nHeaders\n${pretty(headers ?? {}, isRevealed)}`,
    `\nBody, ${letter.body.length.toLocaleString('en')} bytes\n${bodyText(letter.body, isRevealed)}`,
  ];
  const text = parts.join('\n').split('\n').map(printable).join('\n');
  return isRevealed ? text : withoutPhones(text);
}

function bodyText(body: Buffer, isRevealed: boolean): string {
  const text = body.toString();
  try {
    return pretty(JSON.parse(text), isRevealed);
  } catch {
    return text === '' ? '(empty)' : text;
  }
}

const personal = new Set(['phone', 'to', 'customer_id_number']);

function pretty(value: unknown, isRevealed: boolean): string {
  return JSON.stringify(value, isRevealed ? undefined : withoutPersonal, 2);
}

function withoutPersonal(name: string, part: unknown): unknown {
  return personal.has(name) && (typeof part === 'string' || typeof part === 'number') ? mask(part) : part;
}
