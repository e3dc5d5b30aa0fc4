import { randomId, type Clock } from '@turno/shared';
import { OutboxRepository } from '../src/data-access/outbox-repository.ts';
import { pendingEvents } from '../src/data-access/pending-events.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { Outbox } from '../src/domain/outbox.ts';
import { issueTicket, type IssuedTicket, type TicketDraft } from '../src/domain/ticket.ts';
import { silent, type Servers } from './database.ts';
import { draft } from './drafts.ts';

/** The outbox of one instance of ticketing. */
export function openOutbox({ mongo }: Pick<Servers, 'mongo'>, clock: Clock): Outbox {
  return new Outbox({
    pages: new OutboxRepository(mongo),
    tickets: new TicketRepository(ticketModel(mongo)),
    clock,
    newId: () => randomId(16),
    logger: silent,
  });
}

let number = 0;

/** A ticket of the one queue, stored under an id of this outbox. */
export async function storeTicket(
  { mongo }: Servers,
  ids: Pick<Outbox, 'take'>,
  createdAt: Date,
  changes: Partial<TicketDraft> = {},
): Promise<IssuedTicket> {
  const queueDay = { branchId: '27b6', queue: 'T', businessDay: '2017-02-20' };
  const ticketDraft = draft({ ...changes, id: await ids.take() });
  const ticket = issueTicket(ticketDraft, queueDay, { number: ++number, ahead: 0 }, createdAt);
  await new TicketRepository(ticketModel(mongo)).insertInOrder([ticket]);
  return ticket;
}

/** How many events the broker is not known to have. */
export async function pendingIn({ mongo }: Servers): Promise<number> {
  return (await pendingEvents(ticketModel(mongo), new OutboxRepository(mongo), 10_000)).size;
}
