import { isolateForTest, type Isolated } from '@turno/devstack';
import {
  BrokerConnection,
  Consumer,
  createLogger,
  declareSubscription,
  done,
  Publisher,
  type Outcome,
  type Subscription,
} from '@turno/shared';
import { eventually } from '@turno/testing';
import { z } from 'zod';

const dead = { name: 'events.dead', arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': -1 } };

/** As the product subscribes, with fewer and sooner deliveries. */
export const events: Subscription = {
  exchange: { name: 'events', type: 'topic' },
  routingKey: 'happened',
  deadLetterQueue: dead,
  queue: {
    name: 'events.happened',
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': 1,
      'x-delayed-retry-type': 'failed',
      'x-delayed-retry-min': 50,
      'x-delayed-retry-max': 50,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': dead.name,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
      'x-max-length': 1_000_000,
    },
  },
};

const logger = createLogger('spec', 'silent');
const anything = z.object({ id: z.string() });

/** A subscription and its dead-letter queue on a vhost of their own. */
export class EventQueue {
  readonly url: string;
  readonly #isolated: Isolated;
  readonly #connection: BrokerConnection;
  readonly #publisher: Publisher;
  readonly #subscription: Subscription;

  private constructor(isolated: Isolated, connection: BrokerConnection, subscription: Subscription) {
    this.url = isolated.amqpUrl;
    this.#isolated = isolated;
    this.#connection = connection;
    this.#subscription = subscription;
    this.#publisher = new Publisher({ connection, declare: (channel) => declareSubscription(channel, subscription) });
  }

  static async open(label: string, subscription = events): Promise<EventQueue> {
    const isolated = await isolateForTest(label);
    const connection = await BrokerConnection.open({ url: isolated.amqpUrl, name: 'spec', logger });
    const queue = new EventQueue(isolated, connection, subscription);
    await queue.#publisher.ready();
    return queue;
  }

  /** Puts letters into the dead-letter queue, as a consumer does: event-1 and so on. */
  async giveUp(count: number, reason: string, body: unknown = {}, from = 1): Promise<void> {
    const headers = (n: number) => ({ 'x-dead-letter-reason': reason, 'x-request-id': `request-${n}` });
    const queue = this.#subscription.deadLetterQueue.name;
    const numbered = Array.from({ length: count }, (_, i) => i + from);
    await Promise.all(numbered.map((n) => this.#publish(n, queue, headers(n), body)));
  }

  /** Has the consumer decide on `count` events until each is a dead letter. */
  async consume(handle: () => Promise<Outcome>, count: number): Promise<void> {
    const consumer = await this.#startConsumer(handle);
    for (let n = 1; n <= count; n++) {
      await this.#publish(n, this.#subscription.queue.name, { 'x-request-id': `request-${n}` });
    }
    await eventually(async () => (await this.waitingDead()) === count);
    await consumer.close();
  }

  /** Handles what waits, until so many different events were; gives back their ids, repeats included. */
  async handled(count: number): Promise<string[]> {
    const ids: string[] = [];
    const consumer = await this.#startConsumer(async ({ id }) => (ids.push(id), done));
    try {
      await eventually(() => new Set(ids).size >= count);
      return ids;
    } finally {
      await consumer.close();
    }
  }

  /** Events that wait for a consumer. */
  async waiting(): Promise<number> {
    return (await this.#look(this.#subscription.queue.name)).messageCount;
  }

  async waitingDead(): Promise<number> {
    return (await this.#look(this.#subscription.deadLetterQueue.name)).messageCount;
  }

  /** Those who hold dead letters at present: what they hold comes back as they go, and is not counted before. */
  async lookers(): Promise<number> {
    return (await this.#look(this.#subscription.deadLetterQueue.name)).consumerCount;
  }

  async empty(): Promise<void> {
    const channel = await (await this.#connection.up()).createChannel();
    for (const { name } of [this.#subscription.queue, this.#subscription.deadLetterQueue]) {
      await channel.purgeQueue(name);
    }
    await channel.close();
  }

  async dispose(): Promise<void> {
    await this.#publisher.close();
    await this.#connection.close();
    await this.#isolated.dispose();
  }

  async #startConsumer(handle: (event: { id: string }) => Promise<Outcome>): Promise<Consumer<{ id: string }>> {
    const consumer = new Consumer({
      connection: this.#connection,
      publisher: this.#publisher,
      subscription: this.#subscription,
      schema: anything,
      handle,
      logger,
    });
    await consumer.ready();
    return consumer;
  }

  #publish(n: number, queue: string, headers: Record<string, string>, body: unknown = {}): Promise<void> {
    const text = typeof body === 'string' ? body : JSON.stringify({ id: `event-${n}`, ...(body as object) });
    const properties = { messageId: `event-${n}`, type: 'Happened', contentType: 'application/json', headers };
    return this.#publisher.publish({ exchange: '', routingKey: queue, body: Buffer.from(text), properties });
  }

  async #look(queue: string): Promise<{ messageCount: number; consumerCount: number }> {
    const channel = await (await this.#connection.up()).createChannel();
    const counts = await channel.checkQueue(queue);
    await channel.close();
    return counts;
  }
}
