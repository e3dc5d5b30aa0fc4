import type { ConfirmChannel, Options } from 'amqplib';
import { BrokerUnavailable } from '../errors.ts';
import { confirmed } from './confirmed.ts';
import type { BrokerConnection } from './connection.ts';
import { headers } from './headers.ts';
import { inTime } from '../in-time.ts';
import { beginPublish } from './observed-events.ts';
import { RecoveringChannel, withConfirms } from './recovering-channel.ts';
import { traceHeaders } from './trace-headers.ts';
import { withoutPersonal } from '../masking.ts';
import { noTracing, type Tracing } from '../telemetry/tracing.ts';
import type { TraceContext } from '../telemetry/trace-context.ts';

export interface PublisherOptions {
  readonly connection: BrokerConnection;
  /** Declares what the publisher publishes to. Runs on every new channel, and when no queue took a message. */
  readonly declare?: (channel: ConfirmChannel) => Promise<void>;
  /** How long a confirm may take, in milliseconds. A quorum queue that is syncing a follower can need seconds. */
  readonly confirmTimeoutMs?: number;
  readonly tracing?: Tracing | undefined;
}

export interface OutgoingMessage {
  /** `''` is the default exchange: the routing key is the queue's name then. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly properties?: Options.Publish;
  /** What the message is a part of. */
  readonly trace?: TraceContext | undefined;
}

/**
 * Publishes persistent messages and resolves once the broker has them safely in a queue: confirmed, and not returned.
 * A confirm alone does not say so, because a message that no queue wanted is confirmed as well.
 */
export class Publisher {
  readonly #channel: RecoveringChannel<ConfirmChannel>;
  readonly #connection: BrokerConnection;
  readonly #confirmTimeoutMs: number;
  readonly #declare: PublisherOptions['declare'];
  readonly #tracing: Tracing;
  #declaring: Promise<void> | undefined;
  /** Messages whose confirm is awaited, by their publish ids. */
  readonly #underWay = new Map<number, { isReturned: boolean }>();
  #lastPublishId = 0;

  constructor({ connection, declare, confirmTimeoutMs = 10_000, tracing = noTracing }: PublisherOptions) {
    this.#connection = connection;
    this.#confirmTimeoutMs = confirmTimeoutMs;
    this.#declare = declare;
    this.#tracing = tracing;
    this.#channel = new RecoveringChannel({
      connection,
      name: 'publish with confirms',
      open: withConfirms,
      setUp: async (channel) => {
        channel.on('return', ({ properties }) => this.#noteReturn(properties.headers?.[headers.publishId] as number));
        await this.#declareOn(channel);
      },
    });
  }

  /** True when a publish has a channel to go out on now. */
  get isReady(): boolean {
    return this.#channel.current !== undefined && this.#connection.blockedBecause === undefined;
  }

  /** Resolves once the channel is open and the topology declared. */
  ready(): Promise<void> {
    return this.#channel.ready();
  }

  /** Messages that have left and are not confirmed yet. */
  get pending(): number {
    return this.#underWay.size;
  }

  /**
   * Publishes one message, persistent and mandatory. Where no queue takes it, as when somebody deleted the queue or its
   * binding, all is declared again and the message published once more.
   *
   * @throws BrokerUnavailable when there is no channel, the broker blocks publishers, no queue took the message, or the
   *   broker refused it, as when its queue is full
   * @throws OutcomeUnknown when the message left but was not confirmed: publish it again, under the same id
   */
  async publish(message: OutgoingMessage): Promise<void> {
    const span = beginPublish(this.#tracing, message);
    try {
      await this.#publish({ ...message, trace: span.trace });
      span.end();
    } catch (error) {
      span.end({ error: withoutPersonal((error as Error).message) });
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  async #publish(message: OutgoingMessage): Promise<void> {
    if (await this.#isTaken(message)) return;
    const { exchange, routingKey } = message;
    const unwanted = `no queue is bound for ${exchange}:${routingKey}`;
    try {
      await this.#declareAgain();
    } catch (error) {
      throw new BrokerUnavailable(unwanted, { cause: error });
    }
    if (!(await this.#isTaken(message))) throw new BrokerUnavailable(unwanted);
  }

  /** Publishes a message and says whether a queue has it. */
  async #isTaken({ exchange, routingKey, body, properties, trace }: OutgoingMessage): Promise<boolean> {
    const channel = this.#usable();
    const publishId = ++this.#lastPublishId;
    const message = { isReturned: false };
    const options = {
      ...properties,
      headers: { ...properties?.headers, ...traceHeaders(trace), [headers.publishId]: publishId },
      persistent: true,
      mandatory: true,
    };
    this.#underWay.set(publishId, message);
    try {
      await confirmed(
        (onConfirm) => channel.publish(exchange, routingKey, body, options, onConfirm),
        this.#confirmTimeoutMs,
      );
    } finally {
      this.#underWay.delete(publishId);
    }
    return !message.isReturned;
  }

  #usable(): ConfirmChannel {
    const channel = this.#channel.current;
    if (!channel) throw new BrokerUnavailable('no channel to the broker');
    if (this.#connection.blockedBecause) throw new BrokerUnavailable('the broker blocks publishers');
    return channel;
  }

  /** Once for all messages that were returned meanwhile. A broker that blocks publishers by now does not answer. */
  async #declareAgain(): Promise<void> {
    this.#declaring ??= this.#declareOn(this.#usable()).finally(() => (this.#declaring = undefined));
    const withinMs = this.#confirmTimeoutMs;
    await inTime(this.#declaring, withinMs, () => new BrokerUnavailable(`not declared within ${withinMs} ms`));
  }

  async #declareOn(channel: ConfirmChannel): Promise<void> {
    await this.#declare?.(channel);
  }

  /** One that comes after its message was given up concerns nobody any more. */
  #noteReturn(publishId: number): void {
    const message = this.#underWay.get(publishId);
    if (message) message.isReturned = true;
  }
}
