import { z } from 'zod';
import * as field from './fields.ts';
import { ticketStatus } from './ticket.ts';

/** The body of `PATCH /customer/v1/tickets/{id}`: at least one of the two. Unknown fields are dropped. */
export const changeTicket = z
  .object(
    {
      status: ticketStatus.optional(),
      phone: field.phone.optional(),
    },
    { error: 'Invalid request body.' },
  )
  .refine((change) => change.status !== undefined || change.phone !== undefined, { error: 'Invalid request body.' })
  .meta({ id: 'ChangeTicket', minProperties: 1 });
export type ChangeTicket = z.infer<typeof changeTicket>;
