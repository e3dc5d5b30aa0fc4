import type { InboxMessage, KeptConsent, SmsRecord } from '@turno/notifications';
import type { QueuedMessage } from '@turno/shared';
import { createdEventIdOf, type DirectoryEntry, type StoredTicket } from '@turno/ticketing';
import { isOfCustomer, type CustomerMarks } from './customer-messages.ts';
import type { NamedCustomer } from './customer-names.ts';
import type { CustomerPlaces } from './customer-places.ts';

/** All that is kept of a customer. */
export interface CustomerData {
  readonly entry: DirectoryEntry | undefined;
  /** The documents under which the customer may be known. */
  readonly documents: readonly { readonly type: string; readonly number: string }[];
  readonly rejectedRows: number;
  readonly tickets: readonly StoredTicket[];
  /** The ids of all tickets that are known, also of some that ticketing has no more. */
  readonly ticketIds: readonly string[];
  readonly records: readonly SmsRecord[];
  readonly inbox: readonly InboxMessage[];
  readonly consents: readonly KeptConsent[];
  readonly marks: CustomerMarks;
  readonly events: Messages;
  readonly deadLetters: Messages;
  /** Customers with an id whose tickets have the phone that was given: they are others, or are to be named by their id. */
  readonly others: readonly string[];
}

/** Messages of a customer in one queue. */
export interface Messages {
  readonly found: readonly QueuedMessage[];
  /** False when somebody else has messages at this moment, or the broker holds some back, which could not be looked at. */
  readonly isWhole: boolean;
}

/**
 * Looks for a customer everywhere, and changes nothing.
 *
 * @param known what the customer was known by before: tickets that are erased, for one, tell no more whose they are
 */
export async function lookForCustomer(
  places: CustomerPlaces,
  named: NamedCustomer,
  now: Date,
  known?: CustomerMarks,
): Promise<CustomerData> {
  const { directory, imports, sms, consents, queues } = places;
  const entry = await entryOf(directory, named);
  const documents = documentsOf(named, entry);
  const { tickets, others, othersTicketIds, ...found } = await ticketsOf(places, named, entry, now);
  const ticketIds = [...new Set([...(known?.ticketIds ?? []), ...found.ticketIds])];
  const phones = new Set([
    ...(known?.phones ?? []),
    ...(named.by === 'phone' ? [named.phone] : []),
    ...(entry?.phone === undefined ? [] : [entry.phone]),
    ...tickets.flatMap(({ issued, changes }) => [issued.phone, changes?.phone].filter((phone) => phone !== undefined)),
  ]);
  const marks = {
    ticketIds: new Set(ticketIds),
    othersTicketIds: new Set([...(known?.othersTicketIds ?? []), ...othersTicketIds]),
    customerId: entry?.id ?? known?.customerId ?? (named.by === 'id' ? named.id : undefined),
    phones,
    byPhone: named.by === 'phone' ? named.phone : undefined,
    documents: [...new Set([...(known?.documents ?? []), ...documents.map(({ number }) => number)])],
  };
  const rejected = await Promise.all(documents.map(({ type, number }) => imports.rejectsNaming(type, number)));
  return {
    entry,
    documents,
    rejectedRows: rejected.reduce((sum, rows) => sum + rows, 0),
    tickets,
    ticketIds,
    ...(await sms.ofEvents(ticketIds.map(createdEventIdOf))),
    consents: await consents.kept([...phones]),
    marks,
    events: await messagesIn(places, queues.events, marks),
    deadLetters: await messagesIn(places, queues.deadLetters, marks),
    others,
  };
}

async function entryOf(
  directory: CustomerPlaces['directory'],
  named: NamedCustomer,
): Promise<DirectoryEntry | undefined> {
  if (named.by === 'id') return directory.entry(named.id);
  return named.by === 'document' ? directory.entryOfDocument(named.type, named.number) : undefined;
}

function documentsOf(named: NamedCustomer, entry: DirectoryEntry | undefined) {
  if (named.by === 'document') return [{ type: named.type, number: named.number }];
  return entry?.id_type === undefined ? [] : [{ type: entry.id_type, number: entry.id_number! }];
}

async function ticketsOf(
  places: CustomerPlaces,
  named: NamedCustomer,
  entry: DirectoryEntry | undefined,
  now: Date,
): Promise<Pick<CustomerData, 'tickets' | 'ticketIds' | 'others'> & { othersTicketIds: readonly string[] }> {
  if (named.by === 'phone') return ticketsOfPhone(places, named.phone, now);
  const id = entry?.id ?? (named.by === 'id' ? named.id : undefined);
  // A network that keeps a directory now may have kept none before.
  const holders = [
    ...(id === undefined ? [] : [`id:${id}`]),
    ...documentsOf(named, entry).map(({ type, number }) => `document:${type}:${number}`),
  ];
  const tickets = await places.tickets.heldBy(holders);
  return { tickets, ticketIds: tickets.map((ticket) => ticket.id), others: [], othersTicketIds: [] };
}

/** Those that nobody holds under a name: another customer may have the same phone. */
async function ticketsOfPhone({ tickets: all, sms }: CustomerPlaces, phone: string, now: Date) {
  const withPhone: StoredTicket[] = [];
  for await (const ticket of all.withPhone(phone, now)) withPhone.push(ticket);
  const known = new Set(withPhone.map(({ id }) => id));
  const texted = (await sms.ticketsOfPhone(phone)).filter((id) => !known.has(id));
  const elsewhere = await all.some(texted);
  const held = [...withPhone, ...elsewhere].filter(({ holder }) => holder !== undefined);
  const tickets = withPhone.filter(({ holder }) => holder === undefined);
  const ofOthers = new Set(held.map(({ id }) => id));
  return {
    tickets,
    ticketIds: [...tickets.map(({ id }) => id), ...texted.filter((id) => !ofOthers.has(id))],
    othersTicketIds: [...ofOthers],
    others: [...new Set(held.map(({ holder }) => holder!))],
  };
}

async function messagesIn({ messages }: CustomerPlaces, queue: string, marks: CustomerMarks): Promise<Messages> {
  const found: QueuedMessage[] = [];
  const { seen, waiting } = await messages.look(queue, (message) => {
    if (isOfCustomer(message, marks)) found.push(message);
  });
  return { found, isWhole: seen >= waiting };
}
