import { z } from 'zod';
import * as field from './fields.ts';

export const operatingStatus = z.enum(['OPEN', 'CLOSE']);
export const congestionLevel = z.enum(['LOW', 'MEDIUM', 'HIGH']);
/** BLOCKED: taken away from the branch, the customer must check in first. ENABLED: taken on the spot. */
export const ticketStatus = z.enum(['BLOCKED', 'ENABLED']);

export const ticketBranch = z.object({
  id: field.branchId,
  name: field.name,
  short_name: field.shortName,
  code: z.string(),
  address: field.address,
  latitude: z.number(),
  longitude: z.number(),
  status: operatingStatus,
  opening_time: field.instant,
  closing_time: field.instant,
  congestion_level: congestionLevel,
});

export const ticketSector = z.object({
  id: field.sectorId,
  name: field.name,
  short_name: field.shortName,
  status: operatingStatus,
});

export const ticketService = z.object({ id: field.serviceId, name: field.name, short_name: field.shortName });

const wholeMinutes = z.string().regex(/^[0-9]+$/);

/** A ticket as callers see it: the body of the 201, in the contract's order of fields. */
export const ticket = z.object({
  id: field.ticketId,
  queue: field.queueName,
  number: field.ticketNumber,
  channel: field.channel.optional(),
  status: ticketStatus,
  low_estimated_time: wholeMinutes,
  high_estimated_time: wholeMinutes,
  phone: field.phone.optional(),
  messages: z.array(z.string()),
  branch: ticketBranch,
  sector: ticketSector,
  service: ticketService,
  created_at: field.instant,
  updated_at: field.instant,
});
export type Ticket = z.infer<typeof ticket>;
