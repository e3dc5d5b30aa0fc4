import type { MessageProperties } from 'amqplib';

/** The headers that Turno puts on its messages. */
export const headers = {
  /** Absolute deadline of an RPC, in milliseconds since the epoch. */
  deadline: 'x-deadline',
  /** The id that follows one HTTP request through every service. */
  requestId: 'x-request-id',
  /** The caller's Idempotency-Key, or one of the gateway's own: unique for a request, equal on its repeats. */
  requestKey: 'x-request-key',
  /** Why a message is in a dead-letter queue. */
  deadLetterReason: 'x-dead-letter-reason',
  /** Since when it is there, in ISO 8601; of those that the broker put there by itself, `x-death` says it. */
  deadLetteredAt: 'x-dead-lettered-at',
  /** How often a message was sent to its queue again as a dead letter. */
  redriven: 'x-redriven',
  /** The trace that a message belongs to, as in HTTP: https://www.w3.org/TR/trace-context/ */
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  /** Tells the publisher which of its messages was returned. */
  publishId: 'x-publish-id',
} as const;

/** A header's text, or undefined when it is missing or of another type. */
export function textHeader(properties: Pick<MessageProperties, 'headers'>, name: string): string | undefined {
  const value: unknown = properties.headers?.[name];
  return typeof value === 'string' ? value : undefined;
}
