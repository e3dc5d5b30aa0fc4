import { setTimeout as pause } from 'node:timers/promises';
import type { ConfirmChannel, MessageProperties } from 'amqplib';
import type { Logger } from '../logger.ts';
import { confirmed } from './confirmed.ts';
import type { BrokerConnection } from './connection.ts';
import { RecoveringChannel, withConfirms } from './recovering-channel.ts';
import type { RpcReply } from './rpc-contract.ts';

/** How long a reply may wait for a channel before its request goes to whoever can answer it, in milliseconds. */
const holdMs = 500;
const lookEveryMs = 20;

/**
 * The way back of an RPC. Replies are transient and not mandatory: the broker confirms a reply to a caller that is gone,
 * and that is no failure. They are confirmed because what is written to a connection that breaks at this moment is lost.
 */
export class Replies {
  readonly #connection: BrokerConnection;
  readonly #channel: RecoveringChannel<ConfirmChannel>;

  constructor(connection: BrokerConnection) {
    this.#connection = connection;
    this.#channel = new RecoveringChannel({
      connection,
      name: 'rpc replies',
      open: withConfirms,
      setUp: async () => undefined,
    });
  }

  /** True when a reply can go out now. */
  get isReady(): boolean {
    return this.#usable !== undefined;
  }

  ready(): Promise<void> {
    return this.#channel.ready();
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  /**
   * Sends a reply, as often as it takes within half a second: the broker may be coming back.
   *
   * @returns whether the broker has it
   */
  async send(reply: RpcReply, { replyTo, correlationId }: MessageProperties, logger: Logger): Promise<boolean> {
    const body = Buffer.from(JSON.stringify(reply));
    const properties = { correlationId: String(correlationId), contentType: 'application/json' };
    for (const giveUpAt = Date.now() + holdMs; Date.now() < giveUpAt; await pause(lookEveryMs)) {
      const channel = this.#usable;
      if (!channel) continue;
      try {
        await confirmed((onConfirm) => channel.publish('', String(replyTo), body, properties, onConfirm), holdMs);
        return true;
      } catch (error) {
        logger.warn({ err: error }, 'a reply could not be sent');
      }
    }
    return false;
  }

  /** A blocked broker reads nothing that is written to it. */
  get #usable(): ConfirmChannel | undefined {
    return this.#connection.blockedBecause === undefined ? this.#channel.current : undefined;
  }
}
