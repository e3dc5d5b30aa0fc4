import type { Logger } from '../logger.ts';
import { BrokerConnection } from './connection.ts';
import { deadLetterOf, type DeadLetter } from './dead-letter.ts';
import type { Looked, Settled } from './dead-letters.ts';
import { holdMessages } from './hold-messages.ts';

export interface QueuedMessagesOptions {
  readonly url: string;
  readonly logger: Logger;
  /** How long the broker may take to answer, in milliseconds. */
  readonly withinMs?: number;
}

/** A message as it lies in a queue, whether anybody has given it up or not. */
export type QueuedMessage = Pick<DeadLetter, 'messageId' | 'properties' | 'body'>;

/**
 * The messages of any queue, for an operator who looks for some of them. They are held meanwhile, and given back as they
 * were: those that a consumer has at that moment, or that the broker holds back until their next delivery, are not seen.
 */
export class QueuedMessages {
  readonly #connection: BrokerConnection;

  private constructor(connection: BrokerConnection) {
    this.#connection = connection;
  }

  /** @throws BrokerUnavailable when there is no broker within the time */
  static async open({ url, logger, withinMs = 10_000 }: QueuedMessagesOptions): Promise<QueuedMessages> {
    const connection = await BrokerConnection.open({ url, name: 'turno messages', logger });
    try {
      await connection.up(withinMs);
      return new QueuedMessages(connection);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Shows the messages to `visit`, from the head of the queue, and leaves them as they are. */
  async look(queue: string, visit: (message: QueuedMessage) => void): Promise<Looked> {
    return holdMessages(await this.#connection.up(), queue, {}, async ({ messages, waiting }) => {
      let seen = 0;
      for await (const message of messages) visit(deadLetterOf(message, ++seen));
      return { seen, waiting };
    });
  }

  /** Takes the messages that are meant away for good. */
  async discard(queue: string, isMeant: (message: QueuedMessage) => boolean): Promise<Settled> {
    return holdMessages(await this.#connection.up(), queue, {}, async ({ messages, waiting, takeAway }) => {
      let [seen, settled] = [0, 0];
      for await (const message of messages) {
        if (!isMeant(deadLetterOf(message, ++seen))) continue;
        takeAway(message);
        settled++;
      }
      return { seen, settled, waiting };
    });
  }
}
