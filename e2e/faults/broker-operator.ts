import {
  BrokerConnection,
  createLogger,
  ticketCreatedSubscription,
  ticketingEvents,
  ticketingRpcQueue,
  type DeadLetter,
  DeadLetters,
} from '@turno/shared';

const logger = createLogger('e2e', 'fatal');
const { queue, exchange, routingKey } = ticketCreatedSubscription;
const copies = 'operator.copies';

type OperatorChannel = Awaited<ReturnType<NonNullable<BrokerConnection['model']>['createChannel']>>;

/** Somebody with an account at the broker and no regard for what runs on it. */
export class BrokerOperator {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Messages under the name of TicketCreated that break its contract. */
  async publishPoison(bodies: readonly string[]): Promise<void> {
    await this.#onChannel(async (channel) => {
      for (const body of bodies) channel.publish(ticketingEvents.name, routingKey, Buffer.from(body));
    });
  }

  async deadLetters(): Promise<DeadLetter[]> {
    const letters = await DeadLetters.open({ url: this.#url, subscription: ticketCreatedSubscription, logger });
    try {
      const found: DeadLetter[] = [];
      await letters.look((letter) => found.push(letter));
      return found;
    } finally {
      await letters.close();
    }
  }

  /** With all that is in it. */
  async deleteQueueOfRequests(): Promise<void> {
    await this.#onChannel((channel) => channel.deleteQueue(ticketingRpcQueue.name));
  }

  /** With all that is in it. */
  async deleteQueueOfEvents(): Promise<void> {
    await this.#onChannel((channel) => channel.deleteQueue(queue.name));
  }

  async unbindQueueOfEvents(): Promise<void> {
    await this.#onChannel((channel) => channel.unbindQueue(queue.name, exchange.name, routingKey));
  }

  /** From now on the broker keeps a copy of every TicketCreated for `takeCopies`. */
  async copyEvents(): Promise<void> {
    await this.#onChannel(async (channel) => {
      await channel.assertQueue(copies, { durable: true });
      await channel.bindQueue(copies, exchange.name, routingKey);
    });
  }

  /** The bodies of all that was copied, as they were published; ends the copying. */
  async takeCopies(): Promise<string[]> {
    const bodies: string[] = [];
    await this.#onChannel(async (channel) => {
      for (;;) {
        const copy = await channel.get(copies, { noAck: true });
        if (!copy) break;
        bodies.push(copy.content.toString());
      }
      await channel.deleteQueue(copies);
    });
    return bodies;
  }

  async #onChannel(work: (channel: OperatorChannel) => Promise<unknown>): Promise<void> {
    const connection = await BrokerConnection.open({ url: this.#url, name: 'operator', logger });
    try {
      const channel = await (await connection.up()).createChannel();
      await work(channel);
      await channel.close();
    } finally {
      await connection.close();
    }
  }
}
