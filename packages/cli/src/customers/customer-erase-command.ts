import { systemClock } from '@turno/shared';
import { tableLines } from '../table.ts';
import { processTerminal, type Terminal } from '../terminal.ts';
import { lookForCustomer, type CustomerData } from './customer-data.ts';
import { countsOf, eraseFound, placeNames, type Counts } from './customer-erasure.ts';
import { noteOnOthers } from './customer-export-command.ts';
import { namedCustomer, wordsFor, type CustomerNames, type NamedCustomer } from './customer-names.ts';
import { withCustomerPlaces, type CustomerPlaces } from './customer-places.ts';

export interface EraseCustomerOptions extends CustomerNames {
  /** Show what would go, and stop there. */
  readonly dryRun?: boolean;
  /** Do not ask. */
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** A customer who goes on taking tickets meanwhile is not followed for ever. */
const roundsAtMost = 3;

/** What was found and what was erased, in sum. */
interface Outcome {
  readonly found: Counts;
  readonly erased: Counts;
  readonly isWhole: boolean;
}

/**
 * Erases what is kept of a customer, in both databases and at the broker, once that is confirmed. Safe to repeat.
 *
 * @returns the exit code: 0 when nothing is left, 1 when something could not be looked at
 * @throws naming what cannot be reached, or when nobody is there to confirm; nothing was erased then
 */
export async function eraseCustomer(
  { dryRun = false, yes = false, json = false, ...names }: EraseCustomerOptions,
  terminal: Terminal = processTerminal,
): Promise<number> {
  const named = namedCustomer(names);
  if (json && !yes && !dryRun) throw new Error('--json asks nothing: it takes --yes, or --dry-run');
  if (!dryRun && !yes && !terminal.isInteractive) {
    throw new Error('nothing was erased: without a terminal to ask on, erasing takes --yes');
  }
  return withCustomerPlaces(async (places) => {
    const data = await lookForCustomer(places, named, systemClock());
    const found = countsOf(data);
    if (!json && data.others.length > 0) terminal.note(noteOnOthers(data.others));
    if (dryRun) return report(named, { found, isWhole: true }, json, terminal);
    if (!yes && !(await isConfirmed(named, found, terminal))) return 0;
    return report(named, await eraseAll(places, named, data), json, terminal);
  });
}

async function isConfirmed(named: NamedCustomer, found: Counts, terminal: Terminal): Promise<boolean> {
  for (const line of linesOf({ found })) terminal.say(line);
  if (await terminal.confirm(`Erase what is kept of ${wordsFor(named)} for good?`)) return true;
  terminal.say('Nothing was erased.');
  return false;
}

/** Looks again when it is done: what was under way meanwhile is erased, too. */
async function eraseAll(places: CustomerPlaces, named: NamedCustomer, first: CustomerData): Promise<Outcome> {
  let [found, erased] = [countsOf(first), sum()];
  let data = first;
  for (let round = 1; ; round++) {
    const { done, isWhole } = await eraseFound(places, data, systemClock());
    erased = sum(erased, done);
    if (!isWhole) return { found, erased, isWhole };
    data = await lookForCustomer(places, named, systemClock(), data.marks);
    const left = countsOf(data);
    if (placeNames.every((place) => left[place] === 0)) return { found, erased, isWhole: data.deadLetters.isWhole };
    if (round === roundsAtMost) return { found, erased, isWhole: false };
    found = sum(found, left);
  }
}

function sum(...counts: readonly Counts[]): Counts {
  const of = (place: (typeof placeNames)[number]) => counts.reduce((total, each) => total + each[place], 0);
  return Object.fromEntries(placeNames.map((place) => [place, of(place)])) as Counts;
}

function report(
  named: NamedCustomer,
  outcome: Pick<Outcome, 'found' | 'isWhole'> & Partial<Outcome>,
  json: boolean,
  terminal: Terminal,
): number {
  const { found, erased, isWhole } = outcome;
  if (json) {
    const { by: _by, ...asked } = named;
    const places = placeNames.map((place) => ({
      place,
      found: found[place],
      ...(erased && { erased: erased[place] }),
    }));
    terminal.say(JSON.stringify({ asked_for: asked, places, ...(erased && { complete: isWhole }) }, undefined, 2));
  } else {
    for (const line of linesOf(outcome)) terminal.say(line);
    if (!erased) terminal.say('Nothing was erased: --dry-run stops here.');
    else if (isWhole) terminal.say(`Nothing is left of ${wordsFor(named)}.`);
  }
  if (isWhole) return 0;
  terminal.note('Some of it could not be had, as somebody else has it at this moment: give the command again.');
  return 1;
}

function linesOf({ found, erased }: { readonly found: Counts; readonly erased?: Counts }): string[] {
  const rows = placeNames.map((place) => [place, String(found[place]), ...(erased ? [String(erased[place])] : [])]);
  return tableLines([['what is kept', 'found', ...(erased ? ['erased'] : [])], ...rows], [1, 2]);
}
