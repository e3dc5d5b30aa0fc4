import type { Ticket } from '@turno/shared';
import { presentBranchCore, presentOpening } from './present-branch.ts';
import type { Place } from './catalogue-index.ts';
import { congestionLevel, estimate } from './waiting-time.ts';

/** What a ticket says of itself, apart from its place and the time. */
export interface TicketFacts {
  readonly id: string;
  readonly queue: string;
  readonly number: number;
  readonly channel?: string | undefined;
  readonly status: Ticket['status'];
  readonly phone?: string | undefined;
  readonly messages: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * The ticket in the contract's shape and order of fields, with the estimates and opening times as of `now`.
 *
 * @param wait the expected wait, in minutes
 */
export function presentTicket(facts: TicketFacts, { branch, sector, service }: Place, wait: number, now: Date): Ticket {
  const { low, high } = estimate(wait, branch);
  return {
    id: facts.id,
    queue: facts.queue,
    number: facts.number,
    ...(facts.channel !== undefined && { channel: facts.channel }),
    status: facts.status,
    low_estimated_time: String(low),
    high_estimated_time: String(high),
    ...(facts.phone !== undefined && { phone: facts.phone }),
    messages: [...facts.messages],
    branch: {
      ...presentBranchCore(branch),
      ...presentOpening(branch, now),
      congestion_level: congestionLevel(wait, branch),
    },
    sector: { id: sector.id, name: sector.name, short_name: sector.short_name, status: sector.status },
    service: { id: service.id, name: service.name, short_name: service.short_name },
    created_at: facts.createdAt.toISOString(),
    updated_at: facts.updatedAt.toISOString(),
  };
}
