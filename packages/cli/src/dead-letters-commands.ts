import { createHash } from 'node:crypto';
import {
  listedLetter,
  reasonTotals,
  selectLetters,
  type DeadLetter,
  type DeadLetters,
  type ListedLetter,
  type Settled,
} from '@turno/shared';
import { withDeadLetters, type DeadLettersPlace } from './dead-letters-broker.ts';
import { selected, type Selection } from './dead-letters-selection.ts';
import { lettersJson, letterText, listLines, totalLine } from './dead-letters-text.ts';
import { Progress } from './progress.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export interface ListOptions extends DeadLettersPlace {
  readonly json?: boolean;
  /** So many at most are shown. */
  readonly limit?: number;
}

/** Writes a line for each dead letter, and how many there are of each reason. */
export async function listDeadLetters(
  { json = false, limit = 1_000, ...place }: ListOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  await withDeadLetters(place, async (deadLetters, queue) => {
    const letters: ListedLetter[] = [];
    const { waiting } = await deadLetters.look((letter) => letters.push(listedLetter(letter)), { limit });
    const totals = reasonTotals(letters);
    if (json) return terminal.say(JSON.stringify({ queue, waiting, letters, totals }, undefined, 2));
    if (letters.length === 0) return terminal.say(`There are no dead letters in ${queue}.`);
    for (const line of [...listLines(letters), '', ...totals.map(totalLine)]) terminal.say(line);
    if (letters.length < waiting) {
      terminal.note(`These are ${letters.length} of ${waiting}; --limit ${waiting} shows them all.`);
    }
  });
}

export interface ShowOptions extends DeadLettersPlace {
  /** Phones as they are. */
  readonly reveal?: boolean;
  readonly json?: boolean;
}

/**
 * Writes all of one dead letter.
 *
 * @throws when there is none of that id
 */
export async function showDeadLetter(
  id: string,
  { reveal = false, json = false, ...place }: ShowOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  const { isMeant, words } = selectLetters({ id });
  await withDeadLetters(place, async (deadLetters, queue) => {
    const found: DeadLetter[] = [];
    const { seen, waiting } = await deadLetters.look((letter) => void (isMeant(letter) && found.push(letter)));
    const among = seen < waiting ? ` among the ${seen} of ${waiting} that could be looked at` : '';
    if (found.length === 0) throw new Error(`there is no dead letter ${words} in ${queue}${among}`);
    const text = json
      ? lettersJson(queue, found, reveal)
      : found.map((letter) => letterText(letter, reveal)).join('\n\n');
    terminal.say(text);
  });
}

export interface SettleOptions extends DeadLettersPlace, Selection {
  readonly signal?: AbortSignal;
}

/**
 * Sends dead letters to the queue they came from.
 *
 * @returns the exit code: 0 when none is left that is meant, 1 when not all could be looked at, 130 when it was interrupted
 */
export async function redriveDeadLetters(
  options: SettleOptions,
  terminal: Terminal = processTerminal,
): Promise<number> {
  const { isMeant, words } = selected(options);
  return withDeadLetters(options, async (deadLetters, queue) => {
    const outcome = await withProgress(terminal, (report) => deadLetters.redrive(isMeant, report, options));
    return conclude({ outcome, done: 'redriven', words, queue, terminal, signal: options.signal });
  });
}

export interface DiscardOptions extends SettleOptions {
  /** Do not ask. */
  readonly yes?: boolean;
}

/**
 * Takes dead letters away for good, once that is confirmed.
 *
 * @returns as {@link redriveDeadLetters}
 * @throws when nobody is there to confirm
 */
export async function discardDeadLetters(
  { yes = false, ...options }: DiscardOptions,
  terminal: Terminal = processTerminal,
): Promise<number> {
  const { isMeant, words } = selected(options);
  if (!yes && !terminal.isInteractive) {
    throw new Error('nothing was discarded: without a terminal to ask on, discarding takes --yes');
  }
  return withDeadLetters(options, async (deadLetters, queue) => {
    const isToGo = yes ? isMeant : await confirmed(deadLetters, isMeant, terminal);
    if (!isToGo) return 0;
    const outcome = await withProgress(terminal, (report) => deadLetters.discard(isToGo, report, options));
    return conclude({ outcome, done: 'discarded', words, queue, terminal, signal: options.signal });
  });
}

/**
 * Shows what would go and asks.
 *
 * @returns which letters to discard: those that were shown, wherever they lie by then; undefined when the answer was no
 */
async function confirmed(
  deadLetters: DeadLetters,
  isMeant: (letter: DeadLetter) => boolean,
  terminal: Terminal,
): Promise<((letter: DeadLetter) => boolean) | undefined> {
  const meant: ListedLetter[] = [];
  const shown = new Set<string>();
  await deadLetters.look((letter) => {
    if (!isMeant(letter)) return;
    meant.push(listedLetter(letter));
    shown.add(fingerprintOf(letter));
  });
  for (const total of reasonTotals(meant)) terminal.say(totalLine(total));
  if (meant.length === 0 || (await terminal.confirm(`Discard ${counted(meant.length)} for good?`))) {
    return (letter) => shown.has(fingerprintOf(letter));
  }
  terminal.say('Nothing was discarded.');
  return undefined;
}

/** Equal for letters that are equal in all but their place in the queue. */
function fingerprintOf({ messageId, reason, since, body }: DeadLetter): string {
  return createHash('sha256')
    .update(JSON.stringify([messageId, reason, since]))
    .update(body)
    .digest('base64');
}

async function withProgress(
  terminal: Terminal,
  work: (report: (soFar: Settled) => void) => Promise<Settled>,
): Promise<Settled> {
  const progress = new Progress(terminal, 'dead letters');
  let last: Settled | undefined;
  try {
    return await work((soFar) => {
      last = soFar;
      progress.report({ count: soFar.settled, share: soFar.seen / soFar.waiting });
    });
  } catch (error) {
    progress.end();
    if (last)
      terminal.note(`It stopped after ${counted(last.settled)}. The rest is where it was: give the command again.`);
    throw error;
  } finally {
    progress.end();
  }
}

interface Conclusion {
  readonly outcome: Settled;
  readonly done: 'redriven' | 'discarded';
  readonly words: string;
  readonly queue: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal | undefined;
}

function conclude({ outcome, done, words, queue, terminal, signal }: Conclusion): number {
  const { seen, settled, waiting } = outcome;
  if (signal?.aborted) {
    terminal.note(`Interrupted: ${counted(settled)} ${done}. The rest is where it was: give the command again.`);
    return 130;
  }
  if (settled === 0) terminal.say(`There is no dead letter ${words} in ${queue}: nothing was ${done}.`);
  else terminal.say(`${counted(settled)} ${done}.`);
  if (seen >= waiting) return 0;
  terminal.note(`${seen} of ${waiting} were looked at; give the command again for those behind.`);
  return 1;
}

function counted(count: number): string {
  return `${count.toLocaleString('en')} dead ${count === 1 ? 'letter' : 'letters'}`;
}
