import { setTimeout as pause } from 'node:timers/promises';
import { isolate, isolateForTest, type Isolated, type Stack } from '@turno/devstack';
import { openApiDocument } from '@turno/gateway';
import { connectMongo, type Connection } from '@turno/mongo';
import { createLogger } from '@turno/shared';
import { conformingFetch, eventually, TcpLink } from '@turno/testing';
import { OutboxRepository, pendingEvents, ticketModel } from '@turno/ticketing';
import { freePorts } from '../free-ports.ts';
import { installDemo, serviceVariables } from '../installation.ts';
import { Callers, type LoadOptions, type TimedAsked } from './callers.ts';
import { check, type StoredTicket, type Verdict } from './checker.ts';
import { ServiceProcess, type ServiceName } from './service-process.ts';
import { SmsReceiver } from './sms-receiver.ts';

/** Between each service and each server that it talks to. */
export const linkNames = [
  'gateway to broker',
  'ticketing to broker',
  'ticketing to database',
  'notifications to broker',
  'notifications to database',
  'notifications to provider',
] as const;
export type LinkName = (typeof linkNames)[number];

export interface ServiceProcessesOptions {
  /** Servers that may be broken; without them those of the test run. */
  readonly stack?: Stack;
  /** How many instances of ticketing and of notifications. */
  readonly instances?: number;
}

/** How soon the system serves again after a part is back, in milliseconds. */
export const servesAgainWithinMs = 5_000;

/**
 * The services as processes of their own, on a vhost and a database of their own, with a link between each and each server,
 * and a provider of SMS that outlives them.
 */
export class ServiceProcesses {
  readonly gateway: ServiceProcess;
  readonly ticketing: readonly ServiceProcess[];
  readonly notifications: readonly ServiceProcess[];
  readonly receiver: SmsReceiver;
  readonly callers: Callers;
  /** By which broker and database are reached past the links. */
  readonly servers: Isolated;
  readonly #links: ReadonlyMap<LinkName, TcpLink>;
  readonly #fetch: typeof fetch;
  readonly #database: Connection;

  private constructor(parts: {
    servers: Isolated;
    links: ReadonlyMap<LinkName, TcpLink>;
    receiver: SmsReceiver;
    database: Connection;
    processes: Readonly<Record<ServiceName, readonly ServiceProcess[]>>;
    apiUrl: string;
  }) {
    const { gateway, ticketing, notifications } = parts.processes;
    this.servers = parts.servers;
    this.receiver = parts.receiver;
    this.gateway = gateway[0]!;
    this.ticketing = ticketing;
    this.notifications = notifications;
    this.#links = parts.links;
    this.#database = parts.database;
    this.#fetch = conformingFetch(openApiDocument(), parts.apiUrl);
    this.callers = new Callers((body, headers) => this.post(body, headers));
  }

  /** Starts everything on the demo catalogue and resolves once it serves. */
  static async start(label: string, { stack, instances = 1 }: ServiceProcessesOptions = {}): Promise<ServiceProcesses> {
    const servers = await (stack ? isolate(stack, label) : isolateForTest(label));
    await installDemo(servers);
    const receiver = await SmsReceiver.listen();
    const links = await layLinks(servers, receiver);
    const database = await connectMongo(servers.mongoUrl, createLogger('e2e', 'fatal'));
    const { processes, apiUrl } = await composeProcesses(servers, links, receiver, instances);
    const system = new ServiceProcesses({ servers, links, receiver, database, processes, apiUrl });
    await Promise.all(system.processes.map((process) => process.run()));
    await system.serves(30_000);
    return system;
  }

  get processes(): readonly ServiceProcess[] {
    return [...this.ticketing, ...this.notifications, this.gateway];
  }

  link(name: LinkName): TcpLink {
    return this.#links.get(name)!;
  }

  /** Takes a ticket. */
  post(body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.#fetch('/customer/v1/tickets', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /**
   * Waits until somebody gets a ticket and its SMS.
   *
   * @throws when nobody does within the time, in milliseconds
   */
  async serves(withinMs = servesAgainWithinMs): Promise<void> {
    const served: string[] = [];
    const ask = async (): Promise<boolean> => {
      const { phone, outcome } = await this.callers.ask();
      if (outcome.kind === 'created') served.push(phone);
      return served.some((each) => this.receiver.requestsFor(each) > 0);
    };
    await eventually(ask, withinMs, 50);
  }

  /**
   * Does harm while people ask for tickets, and waits until they get them and their SMS again.
   *
   * @param harm resolves once the part is back
   * @returns what was asked meanwhile
   */
  async underLoad(harm: () => Promise<void>, load: LoadOptions = {}): Promise<readonly TimedAsked[]> {
    const end = this.callers.keepAsking(load);
    try {
      await pause(300);
      await harm();
      await this.serves();
    } finally {
      await end();
    }
    return end();
  }

  /** Every ticket that is stored with a phone. */
  async tickets(): Promise<StoredTicket[]> {
    const documents = this.#database.db!.collection<TicketDocument>('tickets').find({});
    return (await documents.toArray()).map(({ _id: id, number, branchId, queue, businessDay, issued }) => ({
      id,
      phone: issued.phone ?? 'none',
      number,
      lane: `${branchId} ${queue} ${businessDay}`,
    }));
  }

  /** Tickets whose event is not known to be with the broker. */
  async pendingEvents(): Promise<number> {
    return (await pendingEvents(ticketModel(this.#database), new OutboxRepository(this.#database), 10_000)).size;
  }

  /** Records of notifications that are not SENT. */
  smsNotKnownToBeSent(): Promise<number> {
    return this.#database.db!.collection('sms_records').countDocuments({ state: { $ne: 'SENT' } });
  }

  /**
   * Judges all that was asked since the start, once every stored ticket has its SMS and no event is pending, or, if that
   * takes too long, as things are then.
   */
  async verdict(withinMs = 30_000): Promise<Verdict> {
    const tickets = this.#database.db!.collection('tickets');
    await eventually(
      async () => (await tickets.countDocuments()) === this.receiver.texts.length && (await this.pendingEvents()) === 0,
      withinMs,
      200,
    ).catch(() => undefined);
    return check(this.callers.asked, await this.tickets(), this.receiver.texts);
  }

  async stop(): Promise<void> {
    for (const process of this.processes) await process.kill();
    for (const link of this.#links.values()) await link.close();
    await this.receiver.close();
    await this.#database.close();
    await this.servers.dispose();
  }
}

interface TicketDocument {
  readonly _id: string;
  readonly number: number;
  readonly branchId: string;
  readonly queue: string;
  readonly businessDay: string;
  readonly issued: { readonly phone?: string };
}

async function layLinks(servers: Isolated, receiver: SmsReceiver): Promise<ReadonlyMap<LinkName, TcpLink>> {
  const targets = { broker: servers.amqpUrl, database: servers.mongoUrl, provider: receiver.url };
  const links = linkNames.map(async (name) => {
    const target = name.split(' ').at(-1) as keyof typeof targets;
    return [name, await TcpLink.to(targets[target])] as const;
  });
  return new Map(await Promise.all(links));
}

/** A broker that is gone without a word is noticed within two of these, in seconds. */
const heartbeat = '2';

async function composeProcesses(
  servers: Isolated,
  links: ReadonlyMap<LinkName, TcpLink>,
  receiver: SmsReceiver,
  instances: number,
) {
  const [api, gatewayOps] = await freePorts(2);
  const brokerUrl = new URL(servers.amqpUrl);
  brokerUrl.searchParams.set('heartbeat', heartbeat);
  const compose = async (service: ServiceName): Promise<ServiceProcess> => {
    const [callbacks, ticketingOps, notificationsOps] = await freePorts(3);
    const opsPorts = { gateway: gatewayOps!, ticketing: ticketingOps!, notifications: notificationsOps! };
    const ports = {
      GATEWAY_PORT: api!,
      NOTIFICATIONS_PORT: callbacks!,
      GATEWAY_OPS_PORT: opsPorts.gateway,
      TICKETING_OPS_PORT: opsPorts.ticketing,
      NOTIFICATIONS_OPS_PORT: opsPorts.notifications,
    };
    const through = (server: string, url: string) => links.get(`${service} to ${server}` as LinkName)?.urlFor(url);
    const variables = {
      ...serviceVariables(servers, ports),
      AMQP_URL: through('broker', brokerUrl.href),
      TICKETING_MONGO_URL: through('database', servers.mongoUrl),
      NOTIFICATIONS_MONGO_URL: through('database', servers.mongoUrl),
      SMS_PROVIDER: 'webhook',
      SMS_WEBHOOK_URL: through('provider', receiver.url),
      SMS_WEBHOOK_SECRET: receiver.secret,
      SMS_WEBHOOK_TIMEOUT_MS: '1000',
    };
    return new ServiceProcess(service, variables, opsPorts[service]);
  };
  const several = (service: ServiceName) => Promise.all(Array.from({ length: instances }, () => compose(service)));
  return {
    apiUrl: `http://127.0.0.1:${api}`,
    processes: {
      gateway: [await compose('gateway')],
      ticketing: await several('ticketing'),
      notifications: await several('notifications'),
    },
  };
}
