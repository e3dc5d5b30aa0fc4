import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, type ChannelModel, type RecoveringChannelModel } from 'amqplib';
import { fullJitter } from '../backoff.ts';
import { withoutPasswords } from '../credentials.ts';
import { BrokerUnavailable } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { inTime } from '../in-time.ts';
import { brokerEndpoint } from './broker-tls.ts';
import { onScratchChannel } from './scratch-channel.ts';

/** How long the broker may take to see a connection or a channel off, in milliseconds. */
export const closeWithinMs = 2_000;

export interface ConnectionOptions {
  /** amqp:// or amqps://, with credentials and vhost, and the files that `brokerAddress` puts into it. */
  readonly url: string;
  /** Shown in the broker's list of connections: `ticketing publish`. */
  readonly name: string;
  readonly logger: Logger;
}

/**
 * A connection that comes back by itself, forever, and says when it did. amqplib reconnects; what lives on the
 * connection (channels, topology, consumers) is brought back by `RecoveringChannel`, which listens to `up`.
 *
 * Emits `up` with the new connection, and `down` when it is lost.
 */
export class BrokerConnection extends EventEmitter<{ up: [ChannelModel]; down: [] }> {
  readonly name: string;
  readonly logger: Logger;
  #model: ChannelModel | undefined;
  #blockedBecause: string | undefined;
  #recovering: RecoveringChannelModel | undefined;
  readonly #socketsEnd = new AbortController();
  #failedBecause = 'no answer';

  private constructor({ name, logger }: ConnectionOptions) {
    super();
    this.name = name;
    this.logger = logger.child({ connection: name });
    this.setMaxListeners(0);
  }

  /** Starts connecting and returns at once: a service starts, unready, while its broker is still away. */
  static async open(options: ConnectionOptions): Promise<BrokerConnection> {
    const connection = new BrokerConnection(options);
    const { url, tls, renew } = brokerEndpoint(options.url);
    // For Node's sockets; amqplib's types know some of these.
    const socketOptions = { ...tls, signal: connection.#socketsEnd.signal };
    connection.#recovering = await connect(withHeartbeat(url), {
      ...socketOptions,
      // Without it Nagle's algorithm and delayed acknowledgements add 40 ms to a lone message.
      noDelay: true,
      timeout: 5_000,
      clientProperties: { connection_name: options.name },
      recovery: { waitForConnect: false, calculateDelay: (attempt) => fullJitter(attempt) },
    });
    connection.#follow(connection.#recovering);
    for (const event of ['disconnect', 'connect-failed'] as const) connection.#recovering.on(event, renew);
    return connection;
  }

  /** The live connection, if there is one now. */
  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** Why the broker takes no messages at present (a memory or disk alarm), if it does not. */
  get blockedBecause(): string | undefined {
    return this.#blockedBecause;
  }

  /**
   * The live connection, as soon as there is one. For those who will not wait forever.
   *
   * @throws BrokerUnavailable when there is none within the time, in milliseconds
   */
  async up(withinMs = 10_000): Promise<ChannelModel> {
    if (this.#model) return this.#model;
    try {
      const [model] = (await once(this, 'up', { signal: AbortSignal.timeout(withinMs) })) as [ChannelModel];
      return model;
    } catch (error) {
      const seconds = Math.ceil(withinMs / 1_000);
      throw new BrokerUnavailable(`no broker within ${seconds} s: ${this.#failedBecause}`, { cause: error });
    }
  }

  /**
   * Closes it for good. It is dropped where the broker does not answer, and where it is only being opened: amqplib would
   * open it, close it and listen to it no more, and the loss of it in that moment would end the process.
   */
  async close(): Promise<void> {
    const isOpen = this.#model !== undefined;
    try {
      if (this.#recovering) await inTime(this.#recovering.close(), closeWithinMs, () => new Error('no answer'));
      if (!isOpen) this.#socketsEnd.abort();
    } catch {
      this.#socketsEnd.abort();
    }
    this.#lose();
  }

  #follow(recovering: RecoveringChannelModel): void {
    recovering.on('connect', (model) => {
      this.logger.info('connected to the broker');
      joinWrites(socketOf(model));
      this.#model = model;
      this.emit('up', model);
      void noticeIfClosed(model);
    });
    recovering.on('disconnect', (error) => {
      this.logger.warn({ err: error }, 'lost the broker');
      this.#lose();
    });
    recovering.on('connect-failed', (error) => {
      this.#failedBecause = describe(error);
      this.logger.warn({ reason: this.#failedBecause }, 'the broker is away');
    });
    recovering.on('blocked', (reason) => {
      this.logger.warn({ reason }, 'the broker blocks publishers');
      this.#blockedBecause = reason;
    });
    recovering.on('unblocked', () => {
      this.logger.info('the broker takes messages again');
      this.#blockedBecause = undefined;
    });
    recovering.on('error', (error) => this.logger.warn({ err: error }, 'connection error'));
  }

  #lose(): void {
    this.#blockedBecause = undefined;
    if (!this.#model) return;
    this.#model = undefined;
    this.emit('down');
  }
}

/**
 * amqplib listens to a connection a moment after it was opened, and a broker that closes it in that moment, as while it
 * shuts down, would leave it connected to nothing for ever. What is closed opens no channel; then it is told again.
 */
async function noticeIfClosed(model: ChannelModel): Promise<void> {
  try {
    await onScratchChannel(model, async () => undefined);
  } catch (error) {
    model.emit('close', error);
  }
}

/** amqplib's types do not show it. */
function socketOf(model: ChannelModel): Socket {
  return (model.connection as unknown as { readonly stream: Socket }).stream;
}

/**
 * Frames that are written in one go leave together, in one system call and few packets: amqplib hands the socket each by
 * itself, and under load that was a third of what a service did. Nothing waits longer than for the code that is running.
 */
function joinWrites(socket: Socket): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    socket.uncork();
  };
  socket.write = (...given: unknown[]) => {
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      process.nextTick(uncork);
    }
    return write(...given);
  };
}

/**
 * A broker that is gone without a word (cable, half-open connection) is noticed within two heartbeats, 10 s. Below 5 s a
 * busy moment passes for a death.
 *
 * @see https://www.rabbitmq.com/docs/heartbeats
 */
function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', '5');
  return parsed.href;
}

/** Node reports a refused connection to both addresses of `localhost` as an AggregateError without a message. */
function describe(error: Error & { code?: string }): string {
  return withoutPasswords(error.message) || error.code || error.name;
}
