import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Pair } from 'yaml';
import { z } from 'zod';
import { sentences, type SentenceName, type SmsTemplate } from '../domain/sms-template.ts';
import { readsRightToLeft } from '../domain/writing-direction.ts';
import { sentenceOf } from './sentence.ts';

/** A template file that cannot be used, with a line for each reason. */
export class BadTemplate extends Error {
  override readonly name = 'BadTemplate';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

/**
 * @param tag the language that the file is named after
 * @param file for messages only
 * @throws BadTemplate naming each mistake by file, line, column and sentence
 */
export function templateOf(text: string, tag: string, file: string): SmsTemplate {
  const language = canonical(tag);
  if (!language) throw new BadTemplate([`${file}: its name is no language tag, as es.yaml and pt-BR.yaml have them`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new BadTemplate(document.errors.map(({ message, pos: [start] }) => `${place(start)}: ${message}`));
  }
  const result = schemaIn(language).safeParse(document.toJS());
  if (!result.success) {
    throw new BadTemplate(
      result.error.issues.flatMap(namesAndMessages).map(([name, message]) => {
        const where = place(offsetOf(document, name));
        return name === '' ? `${where}: ${message}` : `${where} ${name}: ${message}`;
      }),
    );
  }
  return { ...result.data, language, direction: readsRightToLeft(text) ? 'right-to-left' : 'left-to-right' };
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

function schemaIn(language: string) {
  const sentence = <Name extends SentenceName>(name: Name) =>
    z
      .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'a text is expected: put it in quotes') })
      .trim()
      .min(1, 'is empty')
      .transform((message, context) => {
        try {
          return sentenceOf<Name>(message, sentences[name], language);
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message });
          return z.NEVER;
        }
      });
  return z.strictObject(
    {
      turn: sentence('turn'),
      opens_today: sentence('opens_today'),
      opens_later: sentence('opens_later'),
      wait_range: sentence('wait_range'),
      wait_single: sentence('wait_single'),
      wait_none: sentence('wait_none'),
      promotions: sentence('promotions'),
    } satisfies Record<SentenceName, unknown>,
    { error: ({ code }) => (code === 'invalid_type' ? 'a sentence for each name is expected' : undefined) },
  );
}

function namesAndMessages(issue: z.core.$ZodIssue): [name: string, message: string][] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [key, 'there is no such sentence']);
  return [[issue.path.join('.'), issue.message]];
}

/** Where a sentence is; of one that is missing, where the file begins. */
function offsetOf(document: Document, name: string): number {
  if (!isMap(document.contents)) return 0;
  const pair: Pair | undefined = document.contents.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  const node = pair?.value ?? pair?.key;
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
