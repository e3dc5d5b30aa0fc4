import { z } from 'zod';
import * as field from './fields.ts';
import { documentWhole } from './identity-document.ts';

/** The body of `POST /customer/v1/tickets`, its fields in the order in which they are judged. Unknown fields are dropped. */
export const createTicket = documentWhole(
  z.object(
    {
      branch_id: field.branchId,
      sector_id: field.sectorId,
      service_id: field.serviceId,
      channel: field.channel.optional(),
      phone: field.phone.optional(),
      customer_id: field.customerId.optional(),
      customer_id_type: field.customerIdType.optional(),
      customer_id_number: field.customerIdNumber.optional(),
    },
    { error: 'Invalid request body.' },
  ),
).meta({ id: 'CreateTicket' });
export type CreateTicket = z.infer<typeof createTicket>;
