import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, createIndexes } from '@turno/mongo';
import {
  BrokerConnection,
  createLogger,
  declareSubscription,
  headers,
  OpsServer,
  Publisher,
  readConfig,
  ticketCreatedSubscription,
} from '@turno/shared';
import { fetchOnce, TcpLink } from '@turno/testing';
import { deadLettersApp } from '../src/entry-points/dead-letters-app.ts';
import { DeadLettersDesk } from '../src/entry-points/dead-letters-desk.ts';
import { notificationsConfig, notificationsModels, startNotifications } from '../src/index.ts';

const silent = createLogger('spec', 'silent');
const { queue, deadLetterQueue } = ticketCreatedSubscription;

export interface GivenUp {
  readonly body?: string;
  readonly redriven?: number;
}

const declare = (channel: Parameters<typeof declareSubscription>[0]): Promise<void> =>
  declareSubscription(channel, ticketCreatedSubscription);

/** Notifications with its dead letters, and a link between it and the broker. */
export class DeadLetterOffice {
  readonly token = 'a-token-of-more-than-24-characters';
  readonly link: TcpLink;
  readonly #servers: Isolated;
  readonly #connection: BrokerConnection;
  readonly #publisher: Publisher;
  #notifications!: Awaited<ReturnType<typeof startNotifications>>;

  private constructor(servers: Isolated, link: TcpLink, connection: BrokerConnection) {
    this.link = link;
    this.#servers = servers;
    this.#connection = connection;
    this.#publisher = new Publisher({ connection, declare });
  }

  static async open(): Promise<DeadLetterOffice> {
    const servers = await isolateForTest('dead-letter-office');
    const connection = await BrokerConnection.open({ url: servers.amqpUrl, name: 'spec', logger: silent });
    const office = new DeadLetterOffice(servers, await TcpLink.to(servers.amqpUrl), connection);
    await office.#publisher.ready();
    const mongo = await connectMongo(servers.mongoUrl, silent);
    await createIndexes(notificationsModels(mongo));
    await mongo.close();
    const config = readConfig(notificationsConfig, office.#variables());
    office.#notifications = await startNotifications(config, silent);
    return office;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#notifications.opsPort}`;
  }

  /** Of the broker itself, which no cut of the link touches. */
  get amqpUrl(): string {
    return this.#servers.amqpUrl;
  }

  get(path: string): Promise<Response> {
    return fetchOnce(this.address + path);
  }

  post(what: 'redrive' | 'discard', body: string, given: Record<string, string> = {}): Promise<Response> {
    const sent = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...given };
    return fetchOnce(`${this.address}/dead-letters/${what}`, { method: 'POST', body, headers: sent });
  }

  /** Puts a letter into the dead-letter queue, as a consumer does. */
  async giveUp(messageId: string, reason: string, { body = '{}', redriven = 0 }: GivenUp = {}): Promise<void> {
    const given = { [headers.deadLetterReason]: reason, [headers.deadLetteredAt]: '2026-11-24T17:00:00.000Z' };
    await this.#publisher.publish({
      exchange: '',
      routingKey: deadLetterQueue.name,
      body: Buffer.from(body),
      properties: { messageId, headers: { ...given, ...(redriven > 0 && { [headers.redriven]: redriven }) } },
    });
  }

  async empty(): Promise<void> {
    const channel = await (await this.#connection.up()).createChannel();
    for (const { name } of [queue, deadLetterQueue]) await channel.purgeQueue(name);
    await channel.close();
  }

  /** The tickets whose SMS are in the inbox. */
  async texted(): Promise<string[]> {
    const answer = await fetchOnce(`http://127.0.0.1:${this.#notifications.port}/inbox/messages`);
    return ((await answer.json()) as { ticket_id: string }[]).map(({ ticket_id: id }) => id);
  }

  /** The same operations server, of a service that was not told a token. */
  async withoutToken(use: (address: string) => Promise<void>): Promise<void> {
    const desk = new DeadLettersDesk({
      url: this.#servers.amqpUrl,
      subscription: ticketCreatedSubscription,
      logger: silent,
    });
    const app = deadLettersApp({ desk, token: undefined, stopping: new AbortController().signal, logger: silent });
    const more = { '/dead-letters': app };
    const ops = await OpsServer.listen({ host: '127.0.0.1', port: 0, checks: {}, more, logger: silent });
    try {
      await use(`http://127.0.0.1:${ops.port}`);
    } finally {
      await ops.close();
    }
  }

  async dispose(): Promise<void> {
    await this.#notifications.stop();
    await this.#publisher.close();
    await this.#connection.close();
    await this.link.close();
    await this.#servers.dispose();
  }

  #variables(): Record<string, string> {
    return {
      AMQP_URL: this.link.urlFor(this.#servers.amqpUrl),
      NOTIFICATIONS_MONGO_URL: this.#servers.mongoUrl,
      NOTIFICATIONS_PORT: '0',
      NOTIFICATIONS_OPS_PORT: '0',
      SMS_PROVIDER: 'inbox',
      OPS_TOKEN: this.token,
    };
  }
}
