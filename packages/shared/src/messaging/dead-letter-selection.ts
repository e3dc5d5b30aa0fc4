import type { LetterSelection } from '../contracts/notifications-rpc.ts';
import { withoutPersonal } from '../masking.ts';
import type { DeadLetter } from './dead-letter.ts';

export interface SelectedLetters {
  readonly isMeant: (letter: DeadLetter) => boolean;
  /** `with the id 7f` */
  readonly words: string;
}

export function selectLetters(selection: LetterSelection): SelectedLetters {
  if ('id' in selection) return named(selection.id);
  if ('all' in selection) return { isMeant: () => true, words: 'at all' };
  const { reason } = selection;
  // Lists show reasons without phones, and what they show can be named.
  const isMeant = (letter: DeadLetter) =>
    letter.reason.startsWith(reason) || withoutPersonal(letter.reason).startsWith(reason);
  return { isMeant, words: `whose reason begins with "${reason}"` };
}

/** By message id; a letter that has none is named by its number of order, behind an @. */
function named(id: string): SelectedLetters {
  const [, position] = /^@(\d+)$/.exec(id) ?? [];
  if (position === undefined) return { isMeant: ({ messageId }) => messageId === id, words: `with the id ${id}` };
  return { isMeant: (letter) => letter.position === Number(position), words: `at ${id}` };
}
