import { mask } from '@turno/shared';

/** Texts that others wrote have phones where nobody expects them. */
export function withoutPhones(text: string): string {
  return text.replaceAll(/\+[1-9]\d{3,14}/g, mask);
}

/** A text may hold what a terminal would obey. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === '\t' ? ' ' : `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
