import {
  notificationsRpcQueue,
  ticketCreatedSubscription,
  ticketingRpcQueue,
  type DeadLetterList,
  type QueueDepth,
  type SmsFigures,
  type TicketFigures,
} from '@turno/shared';
import type { DeadLetters, QueueFigures, Sms, Tickets } from './figures.ts';

const { queue, deadLetterQueue } = ticketCreatedSubscription;

/** The queues that are watched, and what is in them. */
const watchedQueues: readonly Pick<QueueFigures, 'name' | 'is'>[] = [
  { name: ticketingRpcQueue.name, is: 'calls' },
  { name: queue.name, is: 'events' },
  { name: notificationsRpcQueue.name, is: 'calls' },
  { name: deadLetterQueue.name, is: 'dead letters' },
];

export const deadLetterQueueName = deadLetterQueue.name;
export const eventQueueName = queue.name;
export const ticketingQueueName = ticketingRpcQueue.name;

/** A queue of which nobody has told is left out; one that the broker does not have is there without a depth. */
export function queuesOf(depths: readonly QueueDepth[]): QueueFigures[] {
  return watchedQueues.flatMap(({ name, is }) => {
    const told = depths.find((other) => other.name === name);
    return told ? { name, is, ...(told.depth && { depth: told.depth }) } : [];
  });
}

export function ticketsOf({ since, branches, others_per_minute: others, outbox }: TicketFigures): Tickets {
  const named = branches.map(({ name, per_minute: perMinute }) => ({ name, perMinute }));
  const hasOthers = others.some((tickets) => tickets !== null && tickets > 0);
  return {
    since: Date.parse(since),
    branches: hasOthers ? [...named, { name: 'other branches', perMinute: others }] : named,
    outbox: {
      size: outbox.size,
      ...(outbox.oldest_since !== undefined && { oldestSince: Date.parse(outbox.oldest_since) }),
    },
  };
}

export function smsOf({ counts, handover, newest, providers, fallback_in_use: isFallbackInUse }: SmsFigures): Sms {
  return {
    counts,
    handover: handover.map(({ minute, ...of }) => ({ minute: Date.parse(minute), ...of })),
    newest: newest.map(({ ticket_id: ticketId, since, created_at: createdAt, provider, reason, ...of }) => ({
      ticketId,
      to: of.to,
      purpose: of.purpose,
      state: of.state,
      attempt: of.attempt,
      since: Date.parse(since),
      createdAt: Date.parse(createdAt),
      ...(provider !== undefined && { provider }),
      ...(reason !== undefined && { reason }),
    })),
    providers,
    isFallbackInUse,
  };
}

/** A letter without a message id is named by where it lies. */
export function deadLettersOf({ queue: name, waiting, totals, letters }: DeadLetterList): DeadLetters {
  return {
    queue: name,
    waiting,
    totals,
    letters: letters.map(({ position, message_id: id, type, request_id: requestId, reason, since, redriven }) => ({
      id: id ?? `@${position}`,
      reason,
      redriven,
      ...(type !== null && { type }),
      ...(requestId !== null && { requestId }),
      ...(since !== null && { since: Date.parse(since) }),
    })),
  };
}
