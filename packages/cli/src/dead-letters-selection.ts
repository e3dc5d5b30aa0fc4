import type { DeadLetter } from '@turno/shared';

/** Which dead letters a command is about, as it was typed. */
export interface Selection {
  /** A message id, or `@N` for the Nth letter. */
  readonly id?: string | undefined;
  /** All whose reason begins with this text. */
  readonly reason?: string | undefined;
  readonly all?: boolean | undefined;
}

export interface Selected {
  readonly isMeant: (letter: DeadLetter) => boolean;
  /** `with the id 7f` */
  readonly words: string;
}

/** @throws unless exactly one way of naming letters was used */
export function selected({ id, reason, all = false }: Selection): Selected {
  const ways = [id !== undefined, reason !== undefined, all].filter(Boolean).length;
  if (ways !== 1) throw new Error('name the dead letters in one way: a message id, --reason TEXT, or --all');
  if (id !== undefined) return named(id);
  if (reason === '') throw new Error('--reason wants a text: turno dead-letters list shows the reasons');
  if (reason !== undefined) {
    return {
      isMeant: (letter) => letter.reason.startsWith(reason),
      words: `whose reason begins with "${reason}"`,
    };
  }
  return { isMeant: () => true, words: 'at all' };
}

/** By message id; a letter that has none is named by its number of order, behind an @. */
export function named(id: string): Selected {
  const [, position] = /^@(\d+)$/.exec(id) ?? [];
  if (position === undefined) return { isMeant: ({ messageId }) => messageId === id, words: `with the id ${id}` };
  return { isMeant: (letter) => letter.position === Number(position), words: `at ${id}` };
}
