import type { ConsumeMessage, MessageProperties } from 'amqplib';
import type { z } from 'zod';
import type { Subscription } from '../contracts/topology.ts';
import type { Logger } from '../logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { traceIdOf, type TraceContext } from '../telemetry/trace-context.ts';
import { whyTooLarge } from './admission.ts';
import type { BrokerConnection } from './connection.ts';
import { propertiesOfDeadLetter } from './dead-letter.ts';
import { declareSubscription, type LostQueue } from './declare-topology.ts';
import { Deliveries, type Delivery } from './deliveries.ts';
import { headers, textHeader } from './headers.ts';
import { jsonOf } from './json-content.ts';
import { ObservedMessages } from './observed-events.ts';
import { deadLetter, retry, type Outcome } from './outcome.ts';
import type { Publisher } from './publisher.ts';
import { traceOfMessage } from './trace-headers.ts';
import { SharedPause, type PauseLengths } from './shared-pause.ts';

export interface ConsumerOptions<E> {
  readonly connection: BrokerConnection;
  readonly subscription: Subscription;
  /** A message that does not have this shape is poison: it is dead-lettered and never reaches `handle`. */
  readonly schema: z.ZodType<E>;
  readonly handle: (event: E, trace: TraceContext | undefined) => Promise<Outcome>;
  /** Has the events published again that were lost with the queue, before it is made anew. */
  readonly onMissing?: LostQueue['onMissing'];
  /** Carries dead letters with their reason. */
  readonly publisher: Publisher;
  /** Messages worked on at the same time. */
  readonly prefetch?: number;
  /** How long messages are held while what their handling needs is away. */
  readonly holdOff?: PauseLengths;
  readonly telemetry?: Telemetry | undefined;
  readonly logger: Logger;
}

/** Consumes the events of one subscription, each at least once, and settles each by the outcome of its handler. */
export class Consumer<E> {
  readonly #options: ConsumerOptions<E>;
  readonly #deliveries: Deliveries;
  readonly #pause: SharedPause;
  readonly #observed: ObservedMessages;

  constructor(options: ConsumerOptions<E>) {
    const { connection, subscription, onMissing, prefetch = 100, holdOff = { baseMs: 250, maxMs: 5_000 } } = options;
    this.#options = options;
    this.#pause = new SharedPause(holdOff);
    this.#observed = new ObservedMessages(subscription.queue.name, options.telemetry);
    this.#deliveries = new Deliveries({
      connection,
      queue: subscription.queue.name,
      prefetch,
      declare: (channel) => declareSubscription(channel, subscription, onMissing && { connection, onMissing }),
      take: (delivery) => this.#take(delivery),
    });
  }

  /** True while messages come in. */
  get isReady(): boolean {
    return this.#deliveries.isReady;
  }

  /** Resolves once messages come in. */
  ready(): Promise<void> {
    return this.#deliveries.ready();
  }

  /** Takes no more messages, settles those it has, then closes. */
  async close(): Promise<void> {
    const closed = this.#deliveries.close();
    // Only now: what is given back before the consumer is cancelled would come here again.
    this.#pause.end();
    await closed;
  }

  async #take(delivery: Delivery): Promise<void> {
    const { trace, end } = this.#observed.begin(delivery.message);
    const outcome = await this.#handle(delivery.message, trace);
    end(outcome);
    await this.#settle(delivery, outcome);
  }

  async #handle(message: ConsumeMessage, trace: TraceContext | undefined): Promise<Outcome> {
    const tooLarge = whyTooLarge(message);
    if (tooLarge !== undefined) return deadLetter(tooLarge);
    const body = jsonOf(message.content);
    if (body === undefined) return deadLetter('the message is not JSON');
    const event = this.#options.schema.safeParse(body);
    if (!event.success) return deadLetter(`the message breaks the contract: ${firstIssue(event.error)}`);
    try {
      return await this.#options.handle(event.data, trace);
    } catch (error) {
      this.#options.logger.error({ err: error, ...lineOf(message.properties) }, 'a message could not be handled');
      return retry(error instanceof Error ? error.message : String(error));
    }
  }

  /** The one place where an outcome becomes AMQP. */
  async #settle({ message, ack, giveBack, reject }: Delivery, outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'done':
        this.#pause.reset();
        return ack();
      case 'retry':
        // Reject, not nack: only a rejected message counts towards the delivery limit and is held back.
        return reject();
      case 'hold-off':
        // Held unsettled, so that no more than the prefetch is tried in a pause; nack, which does not count as a delivery.
        await this.#pause.wait(
          (ms) => this.#options.logger.warn({ reason: outcome.reason, ms }, 'holding off'),
          outcome.atLeastMs,
        );
        return giveBack();
      case 'dead-letter':
        if (await this.#isDeadLetter(message, outcome.reason)) return ack();
        // Held back like any retry: giving up the channel would cost those beside it a delivery each.
        return reject();
    }
  }

  /** Whether it is stored as one; when not (no broker to publish to, a full queue) the message must stay where it is. */
  async #isDeadLetter(message: ConsumeMessage, reason: string): Promise<boolean> {
    try {
      await this.#sendToDeadLetters(message, reason);
      return true;
    } catch (error) {
      this.#options.logger.warn({ err: error, reason }, 'a dead letter could not be stored');
      return false;
    }
  }

  async #sendToDeadLetters(message: ConsumeMessage, reason: string): Promise<void> {
    const { deadLetterQueue } = this.#options.subscription;
    this.#options.logger.error({ reason, ...lineOf(message.properties) }, 'dead-lettered a message');
    await this.#options.publisher.publish({
      exchange: '',
      routingKey: deadLetterQueue.name,
      body: message.content,
      properties: propertiesOfDeadLetter(message.properties, reason),
    });
  }
}

/** What a log line says of a message. */
function lineOf(properties: MessageProperties) {
  return {
    message_id: properties.messageId as unknown,
    request_id: textHeader(properties, headers.requestId),
    trace_id: traceIdOf(traceOfMessage(properties)),
  };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : 'unknown';
}
