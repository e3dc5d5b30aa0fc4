import type { DeadLetter } from './dead-letter.ts';

/** Which dead letters are meant, named in one way. */
export type LetterSelection =
  /** A message id, or `@N` for the letter that is Nth of the queue. */
  | { readonly id: string }
  /** All whose reason begins with this text. */
  | { readonly reason: string }
  | { readonly all: true };

export interface SelectedLetters {
  readonly isMeant: (letter: DeadLetter) => boolean;
  /** `with the id 7f` */
  readonly words: string;
}

export function selectLetters(selection: LetterSelection): SelectedLetters {
  if ('id' in selection) return named(selection.id);
  if ('all' in selection) return { isMeant: () => true, words: 'at all' };
  const { reason } = selection;
  return { isMeant: (letter) => letter.reason.startsWith(reason), words: `whose reason begins with "${reason}"` };
}

/** By message id; a letter that has none is named by its number of order, behind an @. */
function named(id: string): SelectedLetters {
  const [, position] = /^@(\d+)$/.exec(id) ?? [];
  if (position === undefined) return { isMeant: ({ messageId }) => messageId === id, words: `with the id ${id}` };
  return { isMeant: (letter) => letter.position === Number(position), words: `at ${id}` };
}
