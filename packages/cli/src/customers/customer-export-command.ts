import { writeFile } from 'node:fs/promises';
import { bodyOf, systemClock, type QueuedMessage } from '@turno/shared';
import { ticketCreatedEvent, type StoredTicket } from '@turno/ticketing';
import { processTerminal, type Terminal } from '../terminal.ts';
import { lookForCustomer, type CustomerData } from './customer-data.ts';
import { namedCustomer, wordsFor, type CustomerNames, type NamedCustomer } from './customer-names.ts';
import { withCustomerPlaces } from './customer-places.ts';

export interface ExportCustomerOptions extends CustomerNames {
  /** A new file, for its owner only; standard output without it. */
  readonly out?: string;
}

/**
 * Writes all that is kept of a customer as one JSON document, as it is kept: nothing is masked.
 *
 * @returns the exit code: 0 when it is all, 1 when some messages could not be looked at
 * @throws naming what cannot be reached
 */
export async function exportCustomer(
  { out, ...names }: ExportCustomerOptions,
  terminal: Terminal = processTerminal,
): Promise<number> {
  const named = namedCustomer(names);
  const now = systemClock();
  const data = await withCustomerPlaces((places) => lookForCustomer(places, named, now));
  const text = JSON.stringify(exported(named, data, now), undefined, 2);
  if (out === undefined) terminal.say(text);
  else {
    await writeFile(out, `${text}\n`, { mode: 0o600, flag: 'wx' });
    terminal.say(`What is kept of ${wordsFor(named)} is in ${out}.`);
  }
  if (data.others.length > 0) terminal.note(noteOnOthers(data.others));
  if (data.events.isWhole && data.deadLetters.isWhole) return 0;
  terminal.note(
    'Not all messages of the broker could be looked at, as somebody else has them: give the command again.',
  );
  return 1;
}

/** @param others the holders of tickets that have the phone */
export function noteOnOthers(others: readonly string[]): string {
  const names = others.map((holder) => {
    const [by, ...name] = holder.split(':');
    return by === 'id' ? `the customer ${name.join()}` : `the document ${name.join(' ')}`;
  });
  return `Tickets of others have the phone, too: of ${names.join(', ')}. They are left out, and are to be named by that.`;
}

function exported(named: NamedCustomer, data: CustomerData, now: Date) {
  const { by: _by, ...asked } = named;
  return {
    exported_at: now.toISOString(),
    asked_for: asked,
    directory: data.entry ?? null,
    tickets: data.tickets,
    pending_events: data.tickets.flatMap((ticket) => (ticket.unpublishedSince ? [eventOf(ticket)] : [])),
    sms: data.records,
    inbox: data.inbox,
    promotions: data.consents.map(({ phone, allowed, since }) => ({ phone, allowed, since })),
    waiting_events: data.events.found.map(shownMessage),
    dead_letters: data.deadLetters.found.map(shownMessage),
    rejected_rows_of_imports: data.rejectedRows,
  };
}

function eventOf(ticket: StoredTicket) {
  return ticketCreatedEvent(ticket);
}

function shownMessage(message: QueuedMessage) {
  const body = bodyOf(message, true);
  return { properties: message.properties, body: 'json' in body ? body.json : body.text };
}
