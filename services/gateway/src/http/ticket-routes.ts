import {
  changeTicket,
  createTicket,
  documentWhole,
  field,
  Refusal,
  sampleRequest,
  sampleTicket,
  ticket,
} from '@turno/shared';
import { z } from 'zod';
import { requestKeyOf } from '../request-key.ts';
import { askAboutEarlierFields } from './earlier-fields.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { fieldsOf, paginationHeaders, paginationOf, paging, pick } from './query.ts';
import { route } from './route.ts';

const tickets = '/customer/v1/tickets';
const oneTicket = `${tickets}/{id}`;
const params = z.object({ id: field.ticketId });
const selectedTicket = ticket
  .partial()
  .meta({ id: 'SelectedTicket', description: 'The ticket, or the asked for fields.' });

interface CustomerNames {
  readonly customer_id?: string | undefined;
  readonly customer_id_type?: string | undefined;
  readonly customer_id_number?: string | undefined;
}

function namesCustomer({
  customer_id: id,
  customer_id_type: type,
  customer_id_number: number,
}: CustomerNames): boolean {
  return [id, type, number].some((name) => name !== undefined);
}

const create = route({
  method: 'post',
  path: tickets,
  operationId: 'createTicket',
  tag: 'Tickets',
  summary: 'Create a ticket',
  description:
    'Takes a turn at a branch. The customer gets an SMS when the ticket has a phone: the one sent, or that of the known ' +
    'customer. The first broken field, in the order of the schema, names the message.',
  headers: z.object({ 'idempotency-key': idempotencyKey }),
  body: createTicket,
  bodyExample: sampleRequest,
  onBrokenBody: askAboutEarlierFields,
  success: { status: 201, description: 'The ticket.', schema: ticket, example: sampleTicket },
  errors: [
    'INVALID_BRANCH',
    'INVALID_SECTOR',
    'INVALID_SERVICE',
    'INVALID_CHANNEL',
    'INVALID_PHONE',
    'INVALID_CUSTOMER',
    'INVALID_CUSTOMER_TYPE',
    'INVALID_CUSTOMER_NUMBER',
    'INVALID_IDEMPOTENCY_KEY',
    'SERVICE_NOT_OFFERED',
    'BRANCH_CLOSED',
    'SECTOR_CLOSED',
    'NUMBERS_USED_UP',
    'TICKET_ALREADY_HELD',
    'CHANNEL_OF_ANOTHER',
    'CUSTOMER_OF_ANOTHER',
    'TOO_MANY_TICKETS_OF_PHONE',
    'TOO_MANY_TICKETS_OF_CUSTOMER',
    'REQUEST_STILL_RUNNING',
    'KEY_USED_WITH_ANOTHER_BODY',
  ],
  handle: async ({ body, headers, caller }, ticketing) => {
    const { principal } = caller;
    const requestKey = requestKeyOf(headers['idempotency-key'], principal);
    return { body: await ticketing.call('CreateTicket', { ...body, principal }, { ...caller, requestKey }) };
  },
});

const list = route({
  method: 'get',
  path: tickets,
  operationId: 'listTickets',
  tag: 'Tickets',
  summary: "List a customer's tickets",
  description:
    'The tickets of one customer, newest first, estimates as of now. The customer is named by `customer_id`, or by ' +
    "`customer_id_type` and `customer_id_number` together; a customer's own token needs no name. Left out are cancelled " +
    'tickets and, for an API key, those that other channels took.',
  query: documentWhole(
    z.object({
      customer_id: field.customerId.optional(),
      customer_id_type: field.customerIdType.optional(),
      customer_id_number: field.customerIdNumber.optional(),
      fields: fieldsOf(ticket).optional(),
      ...paging,
    }),
  ),
  success: {
    status: 200,
    description: 'A page of tickets.',
    schema: z.array(selectedTicket),
    headers: paginationHeaders,
    example: [sampleTicket],
  },
  errors: [
    'INVALID_CUSTOMER',
    'INVALID_CUSTOMER_TYPE',
    'INVALID_CUSTOMER_NUMBER',
    'FIELD_NOT_FOUND',
    'INVALID_OFFSET',
    'INVALID_LIMIT',
    'TICKET_NOT_FOUND',
  ],
  handle: async ({ query: { fields, ...query }, caller }, ticketing) => {
    const { principal } = caller;
    if (principal.kind !== 'customer' && !namesCustomer(query)) throw new Refusal('UNKNOWN_CUSTOMER');
    const { items, count } = await ticketing.call('ListTickets', { ...query, principal }, caller);
    return { body: items.map((item) => pick(item, fields)), headers: paginationOf(count, query) };
  },
});

const read = route({
  method: 'get',
  path: oneTicket,
  operationId: 'readTicket',
  tag: 'Tickets',
  summary: 'Read a ticket',
  description: 'The ticket, its estimates as of now.',
  params,
  query: z.object({ fields: fieldsOf(ticket).optional() }),
  success: { status: 200, description: 'The ticket.', schema: selectedTicket, example: sampleTicket },
  errors: ['FIELD_NOT_FOUND'],
  notFound: 'TICKET_NOT_FOUND',
  handle: async ({ params: { id }, query, caller }, ticketing) => {
    const found = await ticketing.call('ReadTicket', { ticket_id: id, principal: caller.principal }, caller);
    return { body: pick(found, query.fields) };
  },
});

const change = route({
  method: 'patch',
  path: oneTicket,
  operationId: 'changeTicket',
  tag: 'Tickets',
  summary: 'Change a ticket',
  description: 'Sets the status, as when the customer checks in at the branch, or the phone. At least one is sent.',
  params,
  body: changeTicket,
  bodyExample: { status: 'ENABLED' },
  success: { status: 204, description: 'Changed.' },
  errors: ['INVALID_STATUS', 'INVALID_PHONE'],
  notFound: 'TICKET_NOT_FOUND',
  handle: async ({ params: { id }, body, caller }, ticketing) => {
    await ticketing.call('ChangeTicket', { ticket_id: id, change: body, principal: caller.principal }, caller);
    return {};
  },
});

const cancel = route({
  method: 'delete',
  path: oneTicket,
  operationId: 'cancelTicket',
  tag: 'Tickets',
  summary: 'Cancel a ticket',
  description: 'The ticket leaves its queue and is not to be found from then on. Its customer may take another one.',
  params,
  success: { status: 204, description: 'Cancelled.' },
  errors: [],
  notFound: 'TICKET_NOT_FOUND',
  handle: async ({ params: { id }, caller }, ticketing) => {
    await ticketing.call('CancelTicket', { ticket_id: id, principal: caller.principal }, caller);
    return {};
  },
});

export const ticketRoutes = [create, list, read, change, cancel];
