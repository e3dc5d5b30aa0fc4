import { setTimeout as pause } from 'node:timers/promises';
import type { ConfirmChannel } from 'amqplib';
import type { Logger } from '../logger.ts';
import { confirmed } from './confirmed.ts';
import type { BrokerConnection } from './connection.ts';
import { fitMessages } from './fit-messages.ts';
import { GroupedByTurn } from './grouped-by-turn.ts';
import { RecoveringChannel, withConfirms } from './recovering-channel.ts';
import { replyMessage, type OutgoingReply } from './reply-messages.ts';
import type { RpcReply } from './rpc-contract.ts';

/** How long a reply may wait for a channel before its request goes to whoever can answer it, in milliseconds. */
const holdMs = 500;
const lookEveryMs = 20;

interface ReadyReply extends OutgoingReply {
  readonly replyTo: string;
  readonly logger: Logger;
  readonly settle: (isSent: boolean) => void;
}

/**
 * The way back of an RPC. Replies are transient and not mandatory: the broker confirms a reply to a caller that is gone,
 * and that is no failure. They are confirmed because what is written to a connection that breaks at this moment is lost.
 * Those that are ready in one turn of the event loop and go to the same caller share a message and its confirm.
 */
export class Replies {
  readonly #connection: BrokerConnection;
  readonly #channel: RecoveringChannel<ConfirmChannel>;
  readonly #ready = new GroupedByTurn<ReadyReply>((replies) => this.#sendAll(replies));

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
   * @param to where the call has its replies go, and its id
   * @param isLone whether no other reply can be ready in this turn: it waits for nobody then
   * @returns whether the broker has it
   */
  send(
    reply: RpcReply,
    to: { readonly replyTo: string; readonly id: string },
    { logger, isLone }: { readonly logger: Logger; readonly isLone: boolean },
  ): Promise<boolean> {
    const { promise, resolve: settle } = Promise.withResolvers<boolean>();
    const ready = { ...to, reply: JSON.stringify(reply), logger, settle };
    if (isLone) this.#sendAll([ready]);
    else this.#ready.add(ready);
    return promise;
  }

  #sendAll(ready: readonly ReadyReply[]): void {
    for (const [replyTo, replies] of Map.groupBy(ready, (one) => one.replyTo)) {
      for (const together of fitMessages(replies, ({ reply }) => reply.length))
        void this.#sendTogether(replyTo, together);
    }
  }

  async #sendTogether(replyTo: string, replies: readonly ReadyReply[]): Promise<void> {
    const isSent = await this.#isSent(replyTo, replies);
    for (const { settle } of replies) settle(isSent);
  }

  async #isSent(replyTo: string, replies: readonly ReadyReply[]): Promise<boolean> {
    const { body, properties } = replyMessage(replies);
    for (const giveUpAt = Date.now() + holdMs; Date.now() < giveUpAt; await pause(lookEveryMs)) {
      const channel = this.#usable;
      if (!channel) continue;
      try {
        await confirmed((onConfirm) => channel.publish('', replyTo, body, properties, onConfirm), holdMs);
        return true;
      } catch (error) {
        for (const { logger } of replies) logger.warn({ err: error }, 'a reply could not be sent');
      }
    }
    return false;
  }

  /** A blocked broker reads nothing that is written to it. */
  get #usable(): ConfirmChannel | undefined {
    return this.#connection.blockedBecause === undefined ? this.#channel.current : undefined;
  }
}
