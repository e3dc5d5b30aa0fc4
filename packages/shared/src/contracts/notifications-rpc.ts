import { z } from 'zod';
import * as field from './fields.ts';
import { queueDepthList } from './queue-depths.ts';
import { smsState } from './sms-state.ts';

const count = z.int().min(0);

/** How the SMS are doing, for whoever watches. Phones are masked. */
export const smsFigures = z.object({
  /** SMS of the last hour by the state they are in now; 10,000 stands for that many or more. */
  counts: z.partialRecord(smsState, count),
  /** From a ticket to the provider that has its SMS, in milliseconds: of the newest SMS, by the minute of their ticket. */
  handover: z.array(z.object({ minute: field.instant, sms: count, p50: z.number(), p95: z.number() })),
  /** The newest first. */
  newest: z.array(
    z.object({
      ticket_id: z.string(),
      to: z.string(),
      purpose: z.enum(['turn', 'promotions']),
      state: smsState,
      since: field.instant,
      created_at: field.instant,
      provider: z.string().optional(),
      reason: z.string().optional(),
      attempt: z.int().min(1),
    }),
  ),
  /** Of the instance that answers: the first one sends, the second is the fallback. */
  providers: z.array(
    z.object({
      name: z.string(),
      breaker: z.enum(['closed', 'half-open', 'open']),
      /** SMS that wait for their turn. */
      waiting: count,
    }),
  ),
  fallback_in_use: z.boolean(),
});
export type SmsFigures = z.infer<typeof smsFigures>;

const listedLetter = z.object({
  position: z.int().min(1),
  message_id: z.string().nullable(),
  type: z.string().nullable(),
  request_id: z.string().nullable(),
  reason: z.string(),
  since: z.string().nullable(),
  redriven: count,
  size: count,
});

/** The dead letters from the head of the queue, as many as were asked for, and how many there are of each reason among them. */
export const deadLetterList = z.object({
  queue: z.string(),
  waiting: count,
  totals: z.array(z.object({ reason: z.string(), count })),
  letters: z.array(listedLetter),
});
export type DeadLetterList = z.infer<typeof deadLetterList>;

/** Which dead letters are meant, named in one way. */
export const letterSelection = z.union([
  /** A message id, or `@N` for the letter that is Nth of the queue. */
  z.strictObject({ id: z.string().min(1).max(300) }),
  /** All whose reason begins with this text. */
  z.strictObject({ reason: z.string().min(1).max(1_000) }),
  z.strictObject({ all: z.literal(true) }),
]);
export type LetterSelection = z.infer<typeof letterSelection>;

/** What became of letters that were to be redriven. Those that were not stay where they are. */
export const redriven = z.object({
  redriven: count,
  looked_at: count,
  waiting: count,
  /** Whether every letter was looked at. */
  complete: z.boolean(),
  /** Why it ended early, where it failed. */
  failure: z.string().optional(),
});
export type Redriven = z.infer<typeof redriven>;

/** The calls that notifications answers. */
export const notificationsRpc = {
  GetSmsFigures: { request: z.object({}), result: smsFigures },
  /** Of notifications' queues: only their owner may ask the broker, not the gateway. */
  GetSmsQueueDepths: { request: z.object({}), result: queueDepthList },
  ListDeadLetters: { request: z.object({ limit: z.int().min(1).max(1_000) }), result: deadLetterList },
  /** Each letter that is meant goes to the queue it came from, as a new message. Safe to repeat. */
  RedriveDeadLetters: { request: letterSelection, result: redriven },
} as const;

export type NotificationsRpc = typeof notificationsRpc;
