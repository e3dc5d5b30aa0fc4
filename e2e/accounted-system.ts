import { BrokerAccounts } from '@turno/cli';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { gatewayConfig, startGateway } from '@turno/gateway';
import { notificationsConfig, startNotifications } from '@turno/notifications';
import { connectMongo } from '@turno/mongo';
import {
  BrokerConnection,
  brokerRights,
  brokerUsers,
  createLogger,
  DeadLetters,
  readConfig,
  RpcClient,
  ticketCreatedSubscription,
  ticketingRpc,
  ticketingRpcQueue,
  type BrokerUser,
  type DeadLetter,
  type RpcEntrance,
  type RunningService,
  type TicketingRpc,
} from '@turno/shared';
import { eventually, fetchOnce } from '@turno/testing';
import { startTicketing, ticketingConfig, ticketModel } from '@turno/ticketing';
import { anyPorts, installDemo, serviceVariables } from './installation.ts';

type ConfirmChannel = Awaited<ReturnType<Awaited<ReturnType<BrokerConnection['up']>>['createConfirmChannel']>>;

const logger = createLogger('e2e', 'fatal');

/** The whole system in this process, each service logged in to the broker with an account of its own, as in production. */
export class AccountedSystem {
  readonly #servers: Isolated;
  readonly #running: RunningService[] = [];
  #gatewayPort = 0;
  #gatewayOpsPort = 0;
  #notificationsPort = 0;

  private constructor(servers: Isolated) {
    this.#servers = servers;
  }

  static async start(label: string): Promise<AccountedSystem> {
    const system = new AccountedSystem(await isolateForTest(label));
    await installDemo(system.#servers);
    const accounts = new BrokerAccounts(managementUrl());
    for (const user of brokerUsers) await accounts.make(system.addressOf(user), brokerRights[user]);
    await system.#startServices();
    return system;
  }

  /** With which a service logs in. Accounts are the whole broker's: this vhost's name keeps them apart. */
  addressOf(user: BrokerUser): string {
    const address = new URL(this.#servers.amqpUrl);
    address.username = `${user}-${this.#servers.vhost}`;
    address.password = 'of no worth';
    return address.href;
  }

  /** Does something at the broker with the account of a service. */
  as<T>(user: BrokerUser, work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    return onChannel(this.addressOf(user), work);
  }

  asAdministrator<T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    return onChannel(this.#servers.amqpUrl, work);
  }

  post(body: unknown): Promise<Response> {
    return fetchOnce(`http://127.0.0.1:${this.#gatewayPort}/customer/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async inbox(): Promise<{ to: string }[]> {
    const answer = await fetchOnce(`http://127.0.0.1:${this.#notificationsPort}/inbox/messages`);
    return (await answer.json()) as { to: string }[];
  }

  /** How many messages the console knows each queue to have. */
  async depthsOnConsole(): Promise<Record<string, number | undefined>> {
    const answer = await fetchOnce(`http://127.0.0.1:${this.#gatewayOpsPort}/console/figures`);
    const { queues } = (await answer.json()) as {
      queues: { value?: { name: string; depth?: { messages: number } }[] };
    };
    return Object.fromEntries((queues.value ?? []).map(({ name, depth }) => [name, depth?.messages]));
  }

  /** Calls ticketing with the account of a service, by an entrance or straight into the queue. */
  async callTicketing(
    user: BrokerUser,
    method: keyof TicketingRpc,
    request: object,
    entrance: RpcEntrance | undefined,
  ): Promise<unknown> {
    const connection = await BrokerConnection.open({ url: this.addressOf(user), name: 'e2e', logger });
    const served = { contract: ticketingRpc, queue: ticketingRpcQueue, ...(entrance && { entrance }) };
    const client = new RpcClient({ connection, ...served });
    try {
      await client.ready();
      return await client.call(method, request as never, { timeoutMs: 5_000, requestId: 'e2e', requestKey: 'e2e-key' });
    } finally {
      await client.close();
      await connection.close();
    }
  }

  async ticketCount(): Promise<number> {
    const mongo = await connectMongo(this.#servers.mongoUrl, logger);
    try {
      return await ticketModel(mongo).countDocuments();
    } finally {
      await mongo.close();
    }
  }

  /** Why a message is a dead letter; undefined while it is none. */
  async deadLetterReason(messageId: string): Promise<string | undefined> {
    const url = this.addressOf('notifications');
    const letters = await DeadLetters.open({ url, subscription: ticketCreatedSubscription, logger });
    try {
      const found: DeadLetter[] = [];
      await letters.look((letter) => found.push(letter));
      return found.find((letter) => letter.messageId === messageId)?.reason;
    } finally {
      await letters.close();
    }
  }

  /** What the broker lets an account have at most. */
  async limitsOf(user: BrokerUser): Promise<unknown> {
    const answer = await askManagement('GET', `/api/user-limits/${encodeURIComponent(nameIn(this.addressOf(user)))}`);
    const [limits] = (await answer.json()) as { value: unknown }[];
    return limits?.value;
  }

  async stop(): Promise<void> {
    for (const service of this.#running.toReversed()) await service.stop();
    for (const user of brokerUsers) {
      await askManagement('DELETE', `/api/users/${encodeURIComponent(nameIn(this.addressOf(user)))}`);
    }
    await this.#servers.dispose();
  }

  async #startServices(): Promise<void> {
    const env = (user: BrokerUser) => ({
      ...serviceVariables(this.#servers, anyPorts),
      AMQP_URL: this.addressOf(user),
    });
    this.#running.push(await startTicketing(readConfig(ticketingConfig, env('ticketing')), logger));
    const notifications = await startNotifications(readConfig(notificationsConfig, env('notifications')), logger);
    const gateway = await startGateway(readConfig(gatewayConfig, env('gateway')), logger);
    this.#running.push(notifications, gateway);
    [this.#gatewayPort, this.#gatewayOpsPort] = [gateway.port, gateway.opsPort];
    this.#notificationsPort = notifications.port;
    await eventually(async () => (await fetchOnce(`http://127.0.0.1:${gateway.opsPort}/readyz`)).ok);
  }
}

/** Rejects with the broker's own words where it refuses. */
async function onChannel<T>(url: string, work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const connection = await BrokerConnection.open({ url, name: 'e2e', logger });
  try {
    const channel = await (await connection.up()).createConfirmChannel();
    channel.on('error', () => undefined);
    const result = await work(channel);
    await channel.waitForConfirms();
    return result;
  } finally {
    await connection.close();
  }
}

function managementUrl(): string {
  return process.env['TURNO_TEST_MANAGEMENT_URL']!;
}

function nameIn(address: string): string {
  return decodeURIComponent(new URL(address).username);
}

async function askManagement(method: string, path: string): Promise<Response> {
  const url = new URL(path, managementUrl());
  const credentials = Buffer.from(`${url.username}:${url.password}`).toString('base64');
  url.username = url.password = '';
  return fetchOnce(url, { method, headers: { authorization: `Basic ${credentials}` } });
}
