import {
  bodyOf,
  listedLetter,
  maskedJson,
  withoutPhones,
  type DeadLetter,
  type ListedLetter,
  type ReasonTotal,
} from '@turno/shared';
import { printable } from './safe-text.ts';
import { tableLines } from './table.ts';

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
    `\nBody, ${letter.body.length.toLocaleString('en')} bytes\n${bodyText(letter, isRevealed)}`,
  ];
  const text = parts.join('\n').split('\n').map(printable).join('\n');
  return isRevealed ? text : withoutPhones(text);
}

/** All of some letters, in the shape in which the operations server of notifications gives them. */
export function lettersJson(queue: string, letters: readonly DeadLetter[], isRevealed: boolean): string {
  const whole = letters.map((letter) => {
    const { headers = {}, ...properties } = letter.properties;
    const body = bodyOf(letter, isRevealed);
    return { ...listedLetter(letter), properties, headers, body: 'json' in body ? body.json : body.text };
  });
  return pretty({ queue, letters: whole }, isRevealed);
}

function bodyText(letter: DeadLetter, isRevealed: boolean): string {
  const body = bodyOf(letter, isRevealed);
  if ('json' in body) return pretty(body.json, isRevealed);
  return body.text === '' ? '(empty)' : body.text;
}

function pretty(value: unknown, isRevealed: boolean): string {
  return isRevealed ? JSON.stringify(value, undefined, 2) : maskedJson(value);
}
