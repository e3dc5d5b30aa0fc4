import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { openApiDocument } from '@turno/gateway';
import { conformingFetch, eventually, fetchOnce } from '@turno/testing';
import { freePorts } from './free-ports.ts';
import { TcpLink } from './tcp-link.ts';
import { installDemo, serviceVariables, type Ports } from './installation.ts';

const root = join(import.meta.dirname, '..');

export type ServiceName = 'gateway' | 'ticketing' | 'notifications';

/** The services as processes of their own, on servers of their own: they can be killed. */
export class ServiceProcesses {
  readonly #servers: Isolated;
  readonly #ports: Ports;
  readonly #running = new Map<ServiceName, ChildProcess>();
  readonly #fetch: typeof fetch;
  /** Between ticketing and its database. */
  readonly databaseLink: TcpLink;

  private constructor(servers: Isolated, ports: Ports, databaseLink: TcpLink) {
    this.#servers = servers;
    this.databaseLink = databaseLink;
    this.#ports = ports;
    this.#fetch = conformingFetch(openApiDocument(), `http://127.0.0.1:${ports.GATEWAY_PORT}`);
  }

  /** Starts all three on the demo catalogue and resolves once they are ready. */
  static async start(label: string): Promise<ServiceProcesses> {
    const servers = await isolateForTest(label);
    await installDemo(servers);
    const [api, inbox, gatewayOps, ticketingOps, notificationsOps] = await freePorts(5);
    const ports = {
      GATEWAY_PORT: api!,
      NOTIFICATIONS_PORT: inbox!,
      GATEWAY_OPS_PORT: gatewayOps!,
      TICKETING_OPS_PORT: ticketingOps!,
      NOTIFICATIONS_OPS_PORT: notificationsOps!,
    };
    const system = new ServiceProcesses(servers, ports, await TcpLink.to(servers.mongoUrl));
    const names = ['ticketing', 'notifications', 'gateway'] as const;
    await Promise.all(names.map((name) => system.run(name)));
    return system;
  }

  /** Starts a service, again or for the first time, and resolves once it and the gateway's view of it are ready. */
  async run(name: ServiceName): Promise<void> {
    const child = spawn(process.execPath, ['--no-warnings', `services/${name}/src/start.ts`], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        LOG_LEVEL: 'fatal',
        ...serviceVariables(this.#servers, this.#ports),
        TICKETING_MONGO_URL: this.databaseLink.urlFor(this.#servers.mongoUrl),
      },
    });
    this.#running.set(name, child);
    const {
      GATEWAY_OPS_PORT: gateway,
      TICKETING_OPS_PORT: ticketing,
      NOTIFICATIONS_OPS_PORT: notifications,
    } = this.#ports;
    const own = { gateway, ticketing, notifications }[name];
    await eventually(() => isReady(own), 30_000);
    if (name === 'ticketing' && this.#running.has('gateway')) await eventually(() => isReady(gateway), 30_000);
  }

  /** Ends a service without a word, as a crash would. */
  async kill(name: ServiceName): Promise<void> {
    const child = this.#running.get(name);
    this.#running.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Takes a ticket. */
  post(body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.#fetch('/customer/v1/tickets', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  get(path: string): Promise<Response> {
    return this.#fetch(path);
  }

  /** Ids of the tickets whose SMS are in the inbox, one for every SMS. */
  async texted(): Promise<string[]> {
    const answer = await fetchOnce(`http://127.0.0.1:${this.#ports.NOTIFICATIONS_PORT}/inbox/messages`);
    return ((await answer.json()) as { ticket_id: string }[]).map(({ ticket_id: id }) => id);
  }

  async stop(): Promise<void> {
    for (const name of this.#running.keys()) await this.kill(name);
    await this.databaseLink.close();
    await this.#servers.dispose();
  }
}

async function isReady(port: number): Promise<boolean> {
  return (await fetchOnce(`http://127.0.0.1:${port}/readyz`)).ok;
}
