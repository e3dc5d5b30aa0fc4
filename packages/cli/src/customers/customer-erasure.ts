import { createdEventIdOf } from '@turno/ticketing';
import type { CustomerData } from './customer-data.ts';
import { isOfCustomer } from './customer-messages.ts';
import type { CustomerPlaces } from './customer-places.ts';

/** What was found of a customer, or erased, by its place. */
export type Counts = Readonly<Record<(typeof placeNames)[number], number>>;

/** In the order in which they are erased. */
export const placeNames = [
  'pending events',
  'words on promotions',
  'SMS records',
  'inbox messages',
  'waiting events',
  'dead letters',
  'tickets',
  'rejected rows of imports',
  'directory entry',
] as const;

export function countsOf(data: CustomerData): Counts {
  return {
    'pending events': data.tickets.filter(({ unpublishedSince }) => unpublishedSince !== undefined).length,
    'words on promotions': data.consents.filter(({ isUnderPhone }) => isUnderPhone).length,
    'SMS records': data.records.length,
    'inbox messages': data.inbox.length,
    'waiting events': data.events.found.length,
    'dead letters': data.deadLetters.found.length,
    tickets: data.tickets.length,
    'rejected rows of imports': data.rejectedRows,
    'directory entry': data.entry ? 1 : 0,
  };
}

/** What came of erasing what was found. */
export interface Erased {
  readonly done: Counts;
  /** False when dead letters could not all be looked at: tickets and directory entry, by which the rest is found, are kept then. */
  readonly isWhole: boolean;
}

/**
 * Erases what was found of a customer. What leads to the rest goes last, the tickets and then the directory entry: after a crash
 * the same command finds all that is left.
 */
export async function eraseFound(places: CustomerPlaces, data: CustomerData, now: Date): Promise<Erased> {
  const { directory, imports, tickets, sms, messages, queues } = places;
  const ids = data.tickets.map(({ id }) => id);
  const isMeant = (message: Parameters<typeof isOfCustomer>[0]) => isOfCustomer(message, data.marks);
  const pending = await tickets.settleEvents(ids);
  const words = await eraseConsents(places, data);
  const { records, inbox } = await sms.erase(data.ticketIds.map(createdEventIdOf), now);
  const events = await messages.discard(queues.events, isMeant);
  const letters = await messages.discard(queues.deadLetters, isMeant);
  const isWhole = letters.seen >= letters.waiting;
  const done = {
    'pending events': pending,
    'words on promotions': words,
    'SMS records': records,
    'inbox messages': inbox,
    'waiting events': events.settled,
    'dead letters': letters.settled,
    tickets: 0,
    'rejected rows of imports': 0,
    'directory entry': 0,
  };
  if (!isWhole) return { done, isWhole };
  done.tickets = await tickets.erase(ids, now);
  for (const { type, number } of data.documents) {
    done['rejected rows of imports'] += await imports.forgetRejectsNaming(type, number);
  }
  if (data.entry && (await directory.remove(data.entry.id))) done['directory entry'] = 1;
  return { done, isWhole };
}

/** A word that ticketing does not have yet is for others of its directory who have the phone, too. */
async function eraseConsents({ directory, consents }: CustomerPlaces, data: CustomerData): Promise<number> {
  const underPhone = data.consents.filter(({ isUnderPhone }) => isUnderPhone);
  for (const consent of underPhone) {
    if (consent.isUntold) await directory.decidePromotions(consent);
    await consents.erase(consent);
  }
  return underPhone.length;
}
