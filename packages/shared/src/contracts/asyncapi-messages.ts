import { callsType } from '../messaging/call-messages.ts';
import { maxCallsPerMessage } from '../messaging/fit-messages.ts';
import { headers } from '../messaging/headers.ts';
import { repliesType } from '../messaging/reply-messages.ts';
import { methods } from './asyncapi-schemas.ts';
import { cloudEventsContentType, type TicketCreated } from './ticket-created.ts';

const requestId = {
  type: 'string',
  description: 'The id that follows one HTTP request through every service: `X-Request-Id`, and on every log line.',
};

const trace = {
  [headers.traceparent]: {
    type: 'string',
    description: 'The trace that the message belongs to, recorded or not: https://www.w3.org/TR/trace-context/',
    examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  },
  [headers.tracestate]: {
    type: 'string',
    description: 'What systems on the way have to say of that trace, passed on as it came.',
  },
};

const headersOfRequests = {
  type: 'object',
  required: [headers.deadline, headers.requestKey],
  properties: {
    [headers.deadline]: {
      type: 'integer',
      description:
        'When the caller gives up, in milliseconds since the epoch. A request that is met later is dropped unanswered.',
      examples: [1_487_584_803_000],
    },
    [headers.requestId]: requestId,
    ...trace,
    [headers.requestKey]: {
      type: 'string',
      description:
        "The caller's Idempotency-Key, or one of the gateway's own: unique for a request, equal on its repeats. " +
        'A repeat is answered as the first one was.',
    },
  },
};

const headersOfEvents = {
  type: 'object',
  required: [headers.requestId],
  properties: {
    [headers.requestId]: requestId,
    ...trace,
    [headers.publishId]: {
      type: 'integer',
      description: 'Tells the publisher which of its messages was returned; nothing to a consumer.',
    },
    [headers.redriven]: {
      type: 'integer',
      minimum: 1,
      description: 'How often the message was sent again as a dead letter. Missing where it never was.',
    },
  },
};

const headersOfDeadLetters = {
  type: 'object',
  properties: {
    ...headersOfEvents.properties,
    [headers.deadLetterReason]: {
      type: 'string',
      description: 'Why the consumer gave the message up. Missing where the broker did: its deliveries were used up.',
    },
    [headers.deadLetteredAt]: {
      type: 'string',
      format: 'date-time',
      description: 'When the consumer gave the message up.',
    },
    'x-death': { type: 'array', description: "The broker's own account, where it was the one that gave up." },
  },
};

const correlationId = { $ref: '#/components/correlationIds/call' };
const ofType = (messageType: string) => ({ amqp: { messageType, bindingVersion: '0.3.0' } });

const callId = {
  type: 'string',
  maxLength: 64,
  description: "The caller's own for each call, as `correlation-id` is for a lone one.",
};

/** Several calls, and several replies, which say of each what a lone one has in its properties. */
const together = {
  Calls: {
    name: callsType,
    title: 'Several calls',
    summary:
      'Each is answered by itself, when it is ready, and dropped by itself past its deadline. The message lives as long as the last ' +
      'of its callers waits.',
    contentType: 'application/json',
    payload: {
      type: 'array',
      maxItems: maxCallsPerMessage,
      items: {
        type: 'object',
        required: ['id', 'method', 'headers', 'request'],
        properties: {
          id: callId,
          method: { type: 'string', maxLength: 64, description: 'The name of the call.' },
          headers: headersOfRequests,
          request: { description: 'The payload of that request.' },
        },
      },
    },
    bindings: ofType(callsType),
  },
  Replies: {
    name: repliesType,
    title: 'Several replies',
    summary: 'To calls of one caller, whether those came together or not.',
    contentType: 'application/json',
    payload: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'reply'],
        properties: { id: callId, reply: { description: 'The payload of that reply.' } },
      },
    },
    bindings: ofType(repliesType),
  },
};

/** The messages of a description's components: requests and replies, alone and together, the event and its dead letter. */
export function messages(eventType: TicketCreated['type'], example: TicketCreated): Record<string, object> {
  return {
    ...Object.fromEntries(methods.flatMap(pairOf)),
    ...together,
    TicketCreated: {
      name: eventType,
      title: 'A ticket was created',
      summary: 'A CloudEvents 1.0 event in structured JSON. `source` and `id` together name it, also on every resend.',
      contentType: cloudEventsContentType,
      headers: headersOfEvents,
      payload: { $ref: '#/components/schemas/TicketCreated' },
      bindings: ofType(eventType),
      examples: [
        { name: 'second-in-the-queue', headers: { [headers.requestId]: example.requestid }, payload: example },
      ],
    },
    TicketCreatedDeadLetter: {
      name: `${eventType}.dead`,
      title: 'A message that was given up',
      summary: 'Kept for an operator, as it was consumed: it need not be a TicketCreated, or JSON at all.',
      contentType: 'application/octet-stream',
      headers: headersOfDeadLetters,
      payload: { description: 'The bytes that were consumed.' },
    },
  };
}

function pairOf(method: string): [string, object][] {
  const request = {
    name: method,
    title: `${method}, the request`,
    contentType: 'application/json',
    headers: headersOfRequests,
    correlationId,
    payload: { $ref: `#/components/schemas/${method}Request` },
    bindings: ofType(method),
  };
  const reply = {
    name: `${method}Reply`,
    title: `${method}, the reply`,
    summary: 'The result, a refusal (a considered no, which a repeat does not change), or a failure (no answer).',
    contentType: 'application/json',
    correlationId,
    payload: { $ref: `#/components/schemas/${method}Reply` },
  };
  return [
    [`${method}Request`, request],
    [`${method}Reply`, reply],
  ];
}
