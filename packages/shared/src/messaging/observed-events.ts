import type { ConsumeMessage } from 'amqplib';
import { withoutPersonal } from '../masking.ts';
import { secondsSince } from '../telemetry/metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { TraceContext } from '../telemetry/trace-context.ts';
import { noTracing, type Span, type Tracing } from '../telemetry/tracing.ts';
import { headers, textHeader } from './headers.ts';
import type { Outcome } from './outcome.ts';
import type { OutgoingMessage } from './publisher.ts';
import { traceOfMessage } from './trace-headers.ts';

const outcomes = {
  done: 'done',
  retry: 'retried',
  'hold-off': 'held_off',
  'dead-letter': 'dead',
} as const satisfies Record<Outcome['kind'], string>;

/**
 * Begins the span of a publish; its trace is what goes into the message. It has no `messaging.message.id`: an event's begins with
 * its ticket's, and whoever knows that may read and cancel the ticket.
 */
export function beginPublish(tracing: Tracing, { exchange, routingKey, trace }: OutgoingMessage): Span {
  const destination = nameOf(exchange, routingKey);
  return tracing.begin({
    name: `publish ${destination}`,
    kind: 'producer',
    parent: trace,
    attributes: {
      'messaging.system': 'rabbitmq',
      'messaging.destination.name': destination,
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'publish',
      'messaging.rabbitmq.destination.routing_key': routingKey,
    },
  });
}

/** The messages of one queue, measured and traced while they are handled. */
export class ObservedMessages {
  readonly #queue: string;
  readonly #tracing: Tracing;
  readonly #seconds;

  constructor(queue: string, telemetry: Telemetry | undefined) {
    this.#queue = queue;
    this.#tracing = telemetry?.tracing ?? noTracing;
    this.#seconds = telemetry?.metrics.histogram(
      'turno_consumer_duration_seconds',
      'Messages of a queue, until it was decided what becomes of them, in seconds',
      ['queue', 'outcome'],
    );
  }

  begin({ fields, properties }: ConsumeMessage): { trace: TraceContext | undefined; end: (outcome: Outcome) => void } {
    const start = performance.now();
    const { exchange, routingKey } = fields;
    const source = nameOf(exchange, routingKey);
    const destination = source === this.#queue ? source : `${source}:${this.#queue}`;
    const span = this.#tracing.begin({
      name: `process ${destination}`,
      kind: 'consumer',
      parent: traceOfMessage(properties),
      attributes: {
        'messaging.system': 'rabbitmq',
        'messaging.destination.name': destination,
        'messaging.operation.type': 'process',
        'messaging.operation.name': 'process',
        'messaging.rabbitmq.destination.routing_key': routingKey,
        'turno.request.id': textHeader(properties, headers.requestId),
      },
    });
    return { trace: span.trace, end: (outcome) => this.#end(span, outcome, start) };
  }

  #end(span: Span, { kind, ...outcome }: Outcome, start: number): void {
    this.#seconds?.observe({ queue: this.#queue, outcome: outcomes[kind] }, secondsSince(start));
    const reason = 'reason' in outcome ? withoutPersonal(outcome.reason) : undefined;
    span.end({ attributes: { 'turno.outcome': outcomes[kind] }, ...(reason !== undefined && { error: reason }) });
  }
}

/** As OpenTelemetry has it for RabbitMQ: the default exchange has no name. */
function nameOf(exchange: string, routingKey: string): string {
  return exchange === '' ? routingKey : `${exchange}:${routingKey}`;
}
