import { z } from 'zod';
import * as field from './fields.ts';
import { branchCore, congestionLevel, openingTimes, ticketSector } from './ticket.ts';

const minutes = z.int().min(0);

/** A sector as reads of branches show it. */
export const sectorDetails = ticketSector
  .extend({ services: z.array(field.serviceId).meta({ description: 'Ids of the services that are offered here.' }) })
  .meta({ id: 'Sector' });
export type SectorDetails = z.infer<typeof sectorDetails>;

/** A branch as reads show it. Estimates and congestion are those of its longest queue, and left out when it is closed. */
export const branchDetails = branchCore
  .extend({
    is_virtual: z.boolean(),
    is_bookable: z.boolean(),
    ...openingTimes.shape,
    low_estimated_time: minutes.optional().meta({ description: 'Whole minutes; left out when the branch is closed.' }),
    high_estimated_time: minutes.optional().meta({ description: 'Whole minutes; left out when the branch is closed.' }),
    congestion_level: congestionLevel.optional(),
    sectors: z.array(sectorDetails),
  })
  .meta({ id: 'Branch' });
export type BranchDetails = z.infer<typeof branchDetails>;
