import type { QueueDay } from '../domain/ticket.ts';
import type { TicketModel } from './ticket-model.ts';

type QueueFigure = QueueDay & { readonly figure: number };

/** The highest number given in each queue of these branches on these days. */
export function highestNumbers(model: TicketModel, branchDays: readonly Omit<QueueDay, 'queue'>[]) {
  return perQueue(model, atBranchDays(branchDays), { $max: '$number' });
}

/** How many tickets were cancelled in each queue of these branches on these days; a queue without any is left out. */
export function cancelledTickets(model: TicketModel, branchDays: readonly Omit<QueueDay, 'queue'>[]) {
  return perQueue(model, { ...atBranchDays(branchDays), cancelled: { $exists: true } }, { $sum: 1 });
}

/** Equal for equal queue days. */
export function keyOf({ branchId, queue, businessDay }: QueueDay): string {
  return `${branchId}/${queue}/${businessDay}`;
}

/** Of branches whose days differ it takes in a few more: a database reads that by one range of an index for each day. */
function atBranchDays(branchDays: readonly Omit<QueueDay, 'queue'>[]) {
  const days = new Set(branchDays.map(({ businessDay }) => businessDay));
  const branches = new Set(branchDays.map(({ branchId }) => branchId));
  return { businessDay: { $in: [...days] }, branchId: { $in: [...branches] } };
}

async function perQueue(
  model: TicketModel,
  filter: Record<string, unknown>,
  figure: { $max: string } | { $sum: number },
): Promise<QueueFigure[]> {
  const rows = await model
    .aggregate<{ _id: QueueDay; figure: number }>([
      { $match: filter },
      { $group: { _id: { branchId: '$branchId', queue: '$queue', businessDay: '$businessDay' }, figure } },
    ])
    .option({ batchSize: 10_000 });
  return rows.map(({ _id, figure: value }) => ({ ..._id, figure: value }));
}
