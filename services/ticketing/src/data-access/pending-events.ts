import type { FiguresStore } from '../domain/ticket-figures.ts';
import type { OutboxRepository } from './outbox-repository.ts';
import type { TicketModel } from './ticket-model.ts';

/**
 * The events that the broker is not known to have: those that were left behind, and those that are just being published.
 *
 * @param limit a size of so many stands for that many or more
 */
export async function pendingEvents(
  tickets: TicketModel,
  outbox: OutboxRepository,
  limit: number,
): ReturnType<FiguresStore['pendingEvents']> {
  const leftBehind = { unpublishedSince: { $gt: new Date(0) } };
  const ids = await outbox.unsettled();
  const unsettled = { _id: { $in: ids }, unpublishedSince: { $exists: false } };
  const [left, oldestLeft, underWay] = await Promise.all([
    tickets.countDocuments(leftBehind, { limit }),
    tickets.findOne(leftBehind, { unpublishedSince: 1 }).sort({ unpublishedSince: 1 }).lean(),
    ids.length > 0 ? tickets.find(unsettled, { createdAt: 1 }).limit(limit).batchSize(limit).lean() : [],
  ]);
  const since = [oldestLeft?.unpublishedSince, ...underWay.map(({ createdAt }) => createdAt)];
  const oldest = Math.min(...since.flatMap((date) => date?.getTime() ?? []));
  return {
    size: Math.min(left + underWay.length, limit),
    oldestSince: Number.isFinite(oldest) ? new Date(oldest) : undefined,
  };
}
