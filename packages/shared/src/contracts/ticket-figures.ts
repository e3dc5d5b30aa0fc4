import { z } from 'zod';
import * as field from './fields.ts';

/** How much ticketing has to do, for whoever watches: no names of people, and as large as it says at most. */
export const ticketFigures = z.object({
  /** When the first of the minutes begins. */
  since: field.instant,
  /** The busiest branches, the busiest first, 20 at most. */
  branches: z.array(
    z.object({
      id: field.branchId,
      name: field.shortName,
      /** Tickets created, minute by minute; the last one is not over. null: they were too many to count. */
      per_minute: z.array(z.int().min(0).nullable()),
    }),
  ),
  /** Of all other branches together, where there are more. */
  others_per_minute: z.array(z.int().min(0).nullable()),
  /** Events that the broker has not confirmed yet. */
  outbox: z.object({
    /** 10,000 stands for that many or more. */
    size: z.int().min(0),
    /** Since when the oldest one waits. */
    oldest_since: field.instant.optional(),
  }),
});
export type TicketFigures = z.infer<typeof ticketFigures>;
