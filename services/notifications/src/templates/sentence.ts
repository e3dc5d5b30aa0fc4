import {
  isPluralElement,
  isPoundElement,
  isLiteralElement,
  isSelectElement,
  isTagElement,
  type MessageFormatElement,
} from '@formatjs/icu-messageformat-parser';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Sentence, SentenceName } from '../domain/sms-template.ts';

/** Intl puts spaces that may not break into times and numbers; none is in GSM-7, and a plain one does in an SMS. */
const unbreakableSpaces = /[\u00A0\u202F]/g;

/**
 * Makes a sentence of a message in ICU's MessageFormat: `{low, number}`, `{minutes, plural, one {# minute} other {# minutes}}`.
 *
 * @param placeholders those that it must have, each at least once, and no other
 * @throws Error of one line that says what is wrong with the message
 */
export function sentenceOf<Name extends SentenceName>(
  message: string,
  placeholders: readonly string[],
  language: string,
): Sentence<Name> {
  const format = parsed(message, language);
  const used = placeholdersOf(format.getAst());
  const unknown = [...used].filter((name) => !placeholders.includes(name));
  const missing = placeholders.filter((name) => !used.has(name));
  if (unknown.length > 0)
    throw new Error(`there is no placeholder ${inBraces(unknown)} here, only ${known(placeholders)}`);
  if (missing.length > 0) throw new Error(`the placeholder ${inBraces(missing)} is missing${hint(message)}`);
  const sentence: Sentence<Name> = (values) => String(format.format(values)).replace(unbreakableSpaces, ' ');
  tryOut(sentence, placeholders);
  return sentence;
}

function parsed(message: string, language: string): IntlMessageFormat {
  try {
    return new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
  } catch (error) {
    const { message: code, location } = error as Error & { location?: { start: { column: number } } };
    const at = location ? `, at character ${location.start.column}` : '';
    throw new Error(`no message of ICU MessageFormat${at}: ${code}`, { cause: error });
  }
}

function placeholdersOf(elements: readonly MessageFormatElement[]): Set<string> {
  const names = new Set<string>();
  for (const element of elements) {
    if (isLiteralElement(element) || isPoundElement(element)) continue;
    if (!isTagElement(element)) names.add(element.value);
    if (!isPluralElement(element) && !isSelectElement(element)) continue;
    for (const { value } of Object.values(element.options)) for (const name of placeholdersOf(value)) names.add(name);
  }
  return names;
}

/** What the parser takes and the formatter does not, such as a time of a text, shows here and not at the first ticket. */
function tryOut<Name extends SentenceName>(sentence: Sentence<Name>, placeholders: readonly string[]): void {
  const numbers = new Set(['low', 'high', 'minutes']);
  const values = Object.fromEntries(placeholders.map((name) => [name, numbers.has(name) ? 1 : 'x']));
  sentence(values as Parameters<Sentence<Name>>[0]);
}

function hint(message: string): string {
  return message.includes("'{") ? ": an apostrophe before a brace quotes it, two of them ('') are one apostrophe" : '';
}

function known(placeholders: readonly string[]): string {
  return placeholders.length === 0 ? 'plain text' : inBraces(placeholders);
}

function inBraces(names: readonly string[]): string {
  return names.map((name) => `{${name}}`).join(', ');
}
