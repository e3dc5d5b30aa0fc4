import type { Channel } from 'amqplib';
import { GroupedByTurn } from './grouped-by-turn.ts';

/**
 * Acknowledges the messages of one channel. Those that are done in one turn of the event loop go together: one frame stands for all
 * up to a message before which nothing is left to do, and a slow one in between keeps none of the others back.
 */
export class Acknowledgements {
  readonly #channel: Channel;
  /** Messages that came and are not settled, by their delivery tags, which ascend; true for those that are done. */
  readonly #unsettled = new Map<number, boolean>();
  readonly #done = new GroupedByTurn<number>((tags) => this.#acknowledge(tags));

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** To be called for every message of the channel, in their order. */
  noteDelivery(tag: number): void {
    this.#unsettled.set(tag, false);
  }

  /** The message is settled in another way: there is nothing to acknowledge. */
  noteSettled(tag: number): void {
    this.#unsettled.delete(tag);
  }

  /** Acknowledges a message by the end of this turn. On a channel that is gone by then it comes again. */
  ack(tag: number): void {
    if (!this.#unsettled.has(tag)) return;
    this.#unsettled.set(tag, true);
    this.#done.add(tag);
  }

  /** Sends what is to be acknowledged now. */
  flush(): void {
    this.#done.flush();
  }

  #acknowledge(done: readonly number[]): void {
    try {
      const upTo = this.#takePrefix();
      if (upTo !== undefined) this.#send(upTo, true);
      for (const tag of done) if (this.#unsettled.delete(tag)) this.#send(tag, false);
    } catch {
      // The channel has closed: the broker delivers them again.
    }
  }

  /** Takes what is done before anything that is not, and gives back the last of it. */
  #takePrefix(): number | undefined {
    let last: number | undefined;
    for (const [tag, isDone] of this.#unsettled) {
      if (!isDone) break;
      this.#unsettled.delete(tag);
      last = tag;
    }
    return last;
  }

  #send(deliveryTag: number, allUpTo: boolean): void {
    // Of a message the channel asks for nothing but the tag.
    this.#channel.ack({ fields: { deliveryTag } } as Parameters<Channel['ack']>[0], allUpTo);
  }
}
