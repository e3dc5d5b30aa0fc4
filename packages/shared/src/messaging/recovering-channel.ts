import type { Channel, ConfirmChannel } from 'amqplib';
import { fullJitter } from '../backoff.ts';
import { BrokerUnavailable } from '../errors.ts';
import { closeWithinMs, type BrokerConnection } from './connection.ts';
import { inTime } from '../in-time.ts';

export interface RecoveringChannelOptions<C extends Channel> {
  readonly connection: BrokerConnection;
  /** In log lines: `rpc replies`. */
  readonly name: string;
  /** Opens the kind of channel that is wanted. */
  readonly open: (connection: NonNullable<BrokerConnection['model']>) => Promise<C>;
  /**
   * Declares the topology and starts the consumers. Runs on every new channel; when it fails, it is tried again. It is not
   * waited for once its channel is lost, and may still be at work as it runs on the next one.
   */
  readonly setUp: (channel: C) => Promise<void>;
  /** Called once per lost channel, whether it broke alone or with its connection. */
  readonly onLost?: () => void;
}

/**
 * A channel that is opened again, with topology and consumers, whenever it or its connection is lost.
 * `current` is undefined in between: callers fail fast rather than wait.
 */
export class RecoveringChannel<C extends Channel> {
  readonly #options: RecoveringChannelOptions<C>;
  #current: C | undefined;
  /** Not set up yet. */
  #next: C | undefined;
  #opening = false;
  #closed = false;
  #failures = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  readonly #waiting: PromiseWithResolvers<void>[] = [];

  constructor(options: RecoveringChannelOptions<C>) {
    this.#options = options;
    options.connection.on('up', this.#openNow);
    this.#openNow();
  }

  /** The channel, set up and usable, or undefined while there is none. */
  get current(): C | undefined {
    return this.#current;
  }

  /**
   * Resolves once the channel is set up; at once when it is.
   *
   * @throws BrokerUnavailable when it is closed
   */
  async ready(): Promise<void> {
    if (this.#current) return;
    if (this.#closed) throw closed();
    const waiting = Promise.withResolvers<void>();
    this.#waiting.push(waiting);
    await waiting.promise;
  }

  /**
   * Closes the channel for good, also one that is just being set up. Messages not yet acknowledged go back to their queues.
   * A broker that does not answer, as one that blocks publishers, is not waited for.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#options.connection.off('up', this.#openNow);
    clearTimeout(this.#retryTimer);
    const channel = this.#current ?? this.#next;
    this.#current = undefined;
    for (const { reject } of this.#waiting.splice(0)) reject(closed());
    if (channel) await inTime(channel.close(), closeWithinMs, closed).catch(() => undefined);
  }

  /**
   * Gives a channel up and opens another, as after a consumer on it was cancelled by the broker. That may be heard before the
   * channel is the current one.
   */
  renew(channel: C): void {
    void channel.close().catch(() => undefined);
  }

  readonly #openNow = (): void => {
    void this.#open();
  };

  async #open(): Promise<void> {
    const { connection, open, setUp, name } = this.#options;
    if (this.#closed || this.#opening || this.#current || !connection.model) return;
    this.#opening = true;
    let channel: C | undefined;
    try {
      channel = await open(connection.model);
      if (this.#closed) throw closed();
      this.#next = channel;
      const lost = Promise.withResolvers<never>();
      lost.promise.catch(() => undefined);
      channel.on('error', (error) => connection.logger.warn({ channel: name, err: error }, 'channel error'));
      channel.on('close', () => {
        lost.reject(new Error('the channel was lost while it was set up'));
        this.#lose(channel);
      });
      await Promise.race([lost.promise, setUp(channel)]);
      this.#settle(channel);
    } catch (error) {
      connection.logger.warn({ channel: name, err: error }, 'a channel could not be set up');
      await channel?.close().catch(() => undefined);
      this.#next = undefined;
      this.#opening = false;
      this.#retryLater();
    }
  }

  #settle(channel: C): void {
    this.#next = undefined;
    this.#opening = false;
    this.#failures = 0;
    if (this.#closed) return void channel.close().catch(() => undefined);
    this.#current = channel;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  #lose(channel: C | undefined): void {
    if (!channel || this.#current !== channel) return;
    this.#current = undefined;
    this.#options.onLost?.();
    this.#retryLater();
  }

  /** Without a connection there is nothing to retry on: `up` opens the channel then. */
  #retryLater(): void {
    if (this.#closed) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(this.#openNow, fullJitter(++this.#failures));
  }
}

const closed = (): BrokerUnavailable => new BrokerUnavailable('the channel to the broker is closed for good');

/** Opens a channel whose publishes are confirmed by the broker. */
export const withConfirms = (connection: NonNullable<BrokerConnection['model']>): Promise<ConfirmChannel> =>
  connection.createConfirmChannel();

/** Opens a plain channel. */
export const withoutConfirms = (connection: NonNullable<BrokerConnection['model']>): Promise<Channel> =>
  connection.createChannel();
