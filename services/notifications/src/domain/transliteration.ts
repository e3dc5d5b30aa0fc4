import { SegmentedMessage } from 'sms-segments-calculator';
import { measured, type MeasuredText } from './segments.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const latinLetter = /^\p{Script=Latin}\p{M}*$/u;
const marks = /\p{M}/gu;
const spaces = /^[\p{Zs}\t]$/u;

/**
 * A text in GSM-7 in place of its own characters, where that saves a segment and loses nothing that matters: `á` becomes
 * `a`, a curved quotation mark a straight one, a dash a hyphen, an odd space a plain one. What GSM-7 has stays: `ñ`, `ü`,
 * `é`, `à`. A text with anything else in it (an emoji, another script, a letter with two marks as Vietnamese has them)
 * would be UCS-2 all the same, and stays as it was, whole.
 */
export function transliterated(original: MeasuredText): MeasuredText {
  const foreign = new Set(new SegmentedMessage(original.text).getNonGsmCharacters());
  if (foreign.size === 0) return original;
  const plain = measured(
    Array.from(graphemes.segment(original.text), ({ segment }) =>
      foreign.has(segment) ? plainOf(segment) : segment,
    ).join(''),
  );
  return plain.encoding === 'GSM-7' && plain.segments < original.segments ? plain : original;
}

function plainOf(grapheme: string): string {
  if (spaces.test(grapheme)) return ' ';
  if (latinLetter.test(grapheme)) return withoutItsMark(grapheme);
  // Twilio's own table of look-alikes: quotation marks, dashes, full-width forms.
  return new SegmentedMessage(grapheme, 'auto', true).graphemes.join('');
}

function withoutItsMark(letter: string): string {
  const apart = letter.normalize('NFKD');
  return (apart.match(marks)?.length ?? 0) > 1 ? letter : apart.replace(marks, '');
}
