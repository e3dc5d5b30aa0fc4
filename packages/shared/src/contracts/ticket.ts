import { z } from 'zod';
import * as field from './fields.ts';

export const operatingStatus = z
  .enum(['OPEN', 'CLOSE'])
  .meta({ description: 'What operators have set; not a function of the hour.' });
export const congestionLevel = z
  .enum(['LOW', 'MEDIUM', 'HIGH'])
  .meta({ description: "The expected wait against the branch's two thresholds." });
export const ticketStatus = z.enum(['BLOCKED', 'ENABLED'], { error: 'Invalid status.' }).meta({
  description:
    'BLOCKED: taken away from the branch, the customer must check in before a teller may call it. ' +
    'ENABLED: taken on the spot.',
});

/** What a ticket and a read of the branch both say of it. */
export const branchCore = z.object({
  id: field.branchId,
  name: field.name,
  short_name: field.shortName,
  code: field.branchCode,
  address: field.address,
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  status: operatingStatus,
});

/** Today's hours at the branch, the next business day's once today's are over. */
export const openingTimes = z.object({
  opening_time: field.instant,
  closing_time: field.instant,
});

export const ticketBranch = branchCore
  .extend({ ...openingTimes.shape, congestion_level: congestionLevel })
  .meta({ id: 'TicketBranch' });

export const ticketSector = z
  .object({
    id: field.sectorId,
    name: field.name,
    short_name: field.shortName,
    status: operatingStatus,
  })
  .meta({ id: 'TicketSector' });

export const service = z
  .object({ id: field.serviceId, name: field.name, short_name: field.shortName })
  .meta({ id: 'Service' });

const wholeMinutes = z
  .string()
  .regex(/^[0-9]+$/)
  .meta({ description: 'Whole minutes, as text.', examples: ['10'] });

/** A ticket as callers see it: the body of the 201, in the contract's order of fields. */
export const ticket = z
  .object({
    id: field.ticketId,
    queue: field.queueName,
    number: field.ticketNumber,
    channel: field.channel.optional(),
    status: ticketStatus,
    low_estimated_time: wholeMinutes,
    high_estimated_time: wholeMinutes,
    phone: field.phone.optional(),
    messages: z
      .array(z.string())
      .meta({ description: 'Promotional messages that apply to the branch, service and channel at the moment.' }),
    branch: ticketBranch,
    sector: ticketSector,
    service,
    created_at: field.instant,
    updated_at: field.instant,
  })
  .meta({ id: 'Ticket' });
export type Ticket = z.infer<typeof ticket>;
