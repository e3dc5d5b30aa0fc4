/** What a request is about, which is the caller's own or another's. */
export type About = 'a ticket by its id' | 'a customer' | 'a new ticket' | 'nobody';

/** What somebody gets who is known: on what is its own, and on what is another's. */
interface Row {
  readonly about: About;
  readonly channel: readonly [own: string, others: string];
  readonly customer: readonly [own: string, others: string];
}

const ofTickets = { about: 'a ticket by its id' } as const;
const forAll = { about: 'nobody', channel: ['200', '200'], customer: ['200', '200'] } as const;

/**
 * Who may do what, by the route's operationId. Whoever is not known gets 401 from every route. A list is with the other's
 * ticket in it, or without.
 */
export const matrix: Readonly<Record<string, Row>> = {
  createTicket: { about: 'a new ticket', channel: ['201', '403'], customer: ['201', '403'] },
  listTickets: { about: 'a customer', channel: ['200 with it', '200 without it'], customer: ['200 with it', '404'] },
  readTicket: { ...ofTickets, channel: ['200', '404'], customer: ['200', '404'] },
  changeTicket: { ...ofTickets, channel: ['204', '404'], customer: ['204', '404'] },
  cancelTicket: { ...ofTickets, channel: ['204', '404'], customer: ['204', '404'] },
  listBranches: forAll,
  readBranch: forAll,
  listSectors: forAll,
  listServices: forAll,
};

/** @throws when the route has no row: whoever adds a route says here who may use it */
export function rowOf(operationId: string): Row {
  const row = matrix[operationId];
  if (!row) throw new Error(`the route ${operationId} has no row in e2e/authorization-matrix.ts`);
  return row;
}
