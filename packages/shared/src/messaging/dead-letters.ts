import type { ConsumeMessage } from 'amqplib';
import type { Subscription } from '../contracts/topology.ts';
import { BrokerUnavailable } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { BrokerConnection } from './connection.ts';
import { deadLetterOf, propertiesOfNewLife, type DeadLetter } from './dead-letter.ts';
import { holdMessages, type Held, type HoldOptions } from './hold-messages.ts';
import { inTime } from '../in-time.ts';
import { Publisher } from './publisher.ts';

export interface DeadLettersOptions {
  readonly url: string;
  readonly subscription: Subscription;
  readonly logger: Logger;
  /** How long the broker may take to answer, in milliseconds. */
  readonly withinMs?: number;
}

/** How far a look has come. */
export interface Looked {
  readonly seen: number;
  /** Letters in the queue when it began. */
  readonly waiting: number;
}

export interface Settled extends Looked {
  readonly settled: number;
}

/** Redriven letters whose confirms are awaited at the same time. */
const underWayAtMost = 100;

/**
 * The dead letters of one subscription. Looking at a queue means taking its messages: they are held, unsettled, and given
 * back together at the end. They are given back by nack, which does not count as a delivery; what is given back goes
 * behind what is left, so that the order stays when the look went through to the end.
 *
 * Whoever looks at the same moment sees only what is not held by the other.
 */
export class DeadLetters {
  readonly #subscription: Subscription;
  readonly #consuming: BrokerConnection;
  readonly #publishing: BrokerConnection;
  readonly #publisher: Publisher;

  private constructor({ subscription }: DeadLettersOptions, consuming: BrokerConnection, publishing: BrokerConnection) {
    this.#subscription = subscription;
    this.#consuming = consuming;
    this.#publishing = publishing;
    this.#publisher = new Publisher({ connection: publishing });
  }

  /** @throws BrokerUnavailable when there is no broker within the time */
  static async open(options: DeadLettersOptions): Promise<DeadLetters> {
    const { url, logger, withinMs = 10_000 } = options;
    const consuming = await BrokerConnection.open({ url, name: 'turno dead-letters consume', logger });
    const publishing = await BrokerConnection.open({ url, name: 'turno dead-letters publish', logger });
    const letters = new DeadLetters(options, consuming, publishing);
    try {
      await Promise.all([consuming.up(withinMs), publishing.up(withinMs)]);
      await inTime(letters.#publisher.ready(), withinMs, () => new BrokerUnavailable('the broker opens no channel'));
      return letters;
    } catch (error) {
      await letters.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#publisher.close();
    await Promise.all([this.#consuming.close(), this.#publishing.close()]);
  }

  /** Shows the letters to `visit`, from the head of the queue, and leaves them as they are. */
  look(visit: (letter: DeadLetter) => void, options: HoldOptions = {}): Promise<Looked> {
    return this.#hold(options, async ({ messages, waiting }) => {
      let seen = 0;
      for await (const message of messages) visit(deadLetterOf(message, ++seen));
      return { seen, waiting };
    });
  }

  /**
   * Publishes the letters that are meant to the queue they came from, and takes each away once the broker has its new
   * message. A crash in between leaves both: consumers know the event by its id.
   *
   * @param report called after each letter that was looked at
   * @throws BrokerUnavailable, OutcomeUnknown when one could not be published; it and those behind it stay
   */
  redrive(
    isMeant: (letter: DeadLetter) => boolean,
    report: (soFar: Settled) => void,
    options: HoldOptions = {},
  ): Promise<Settled> {
    return this.#settle(isMeant, (message) => this.#publishAnew(message), report, options);
  }

  /** Takes the letters that are meant away for good. */
  discard(
    isMeant: (letter: DeadLetter) => boolean,
    report: (soFar: Settled) => void,
    options: HoldOptions = {},
  ): Promise<Settled> {
    return this.#settle(isMeant, async () => undefined, report, options);
  }

  #settle(
    isMeant: (letter: DeadLetter) => boolean,
    before: (message: ConsumeMessage) => Promise<void>,
    report: (soFar: Settled) => void,
    options: HoldOptions,
  ): Promise<Settled> {
    return this.#hold(options, async ({ messages, waiting, takeAway }) => {
      let [seen, settled] = [0, 0];
      const underWay = new Set<Promise<void>>();
      const settle = async (message: ConsumeMessage): Promise<void> => {
        await before(message);
        takeAway(message);
        settled++;
      };
      try {
        for await (const message of messages) {
          if (isMeant(deadLetterOf(message, ++seen))) {
            const work = settle(message);
            underWay.add(work);
            void work.then(
              () => underWay.delete(work),
              () => undefined,
            );
          }
          if (underWay.size >= underWayAtMost) await Promise.race(underWay);
          report({ seen, settled, waiting });
        }
        await Promise.all(underWay);
      } finally {
        await Promise.allSettled(underWay);
      }
      return { seen, settled, waiting };
    });
  }

  async #hold<T>(options: HoldOptions, use: (held: Held) => Promise<T>): Promise<T> {
    return holdMessages(await this.#consuming.up(), this.#subscription.deadLetterQueue.name, options, use);
  }

  #publishAnew({ content, properties }: ConsumeMessage): Promise<void> {
    return this.#publisher.publish({
      exchange: '',
      routingKey: this.#subscription.queue.name,
      body: content,
      properties: propertiesOfNewLife(properties),
    });
  }
}
