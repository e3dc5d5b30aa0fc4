import { selectLetters, type SelectedLetters } from '@turno/shared';

/** Which dead letters a command is about, as it was typed. */
export interface Selection {
  readonly id?: string | undefined;
  readonly reason?: string | undefined;
  readonly all?: boolean | undefined;
}

/** @throws unless exactly one way of naming letters was used */
export function selected({ id, reason, all = false }: Selection): SelectedLetters {
  const ways = [id !== undefined, reason !== undefined, all].filter(Boolean).length;
  if (ways !== 1) throw new Error('name the dead letters in one way: a message id, --reason TEXT, or --all');
  if (id !== undefined) return selectLetters({ id });
  if (reason === '') throw new Error('--reason wants a text: turno dead-letters list shows the reasons');
  return selectLetters(reason === undefined ? { all: true } : { reason });
}
