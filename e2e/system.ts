import { isolateForTest, type Isolated } from '@turno/devstack';
import { gatewayConfig, openApiDocument, startGateway } from '@turno/gateway';
import { notificationsConfig, startNotifications } from '@turno/notifications';
import { createLogger, readConfig, type Catalogue, type Clock, type RunningService } from '@turno/shared';
import { conformingFetch, eventually, fetchOnce } from '@turno/testing';
import { anyPorts, installDemo, serviceVariables } from './installation.ts';
import { startTicketing, ticketingConfig } from '@turno/ticketing';

export const serviceNames = ['gateway', 'ticketing', 'notifications'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface SystemOptions {
  /** What the services take for the time; the gateway, for its console alone. */
  readonly clock?: Clock;
  /** Makes the catalogue out of that of the demo. */
  readonly catalogue?: (demo: Catalogue) => Catalogue;
  /** Configuration beside the usual. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Takes each line of all logs, whatever their level. */
  readonly log?: { write(line: string): void };
}

/** The whole system in this process, on a vhost and databases of its own; each service as its `start.ts` composes it. */
export class System {
  readonly #servers: Isolated;
  readonly #clock: Clock;
  readonly #logger;
  #ticketing: Awaited<ReturnType<typeof startTicketing>> | undefined;
  #notifications: Awaited<ReturnType<typeof startNotifications>> | undefined;
  #gateway: Awaited<ReturnType<typeof startGateway>> | undefined;
  #fetch: typeof fetch | undefined;
  readonly #variables: NodeJS.ProcessEnv;

  private constructor(servers: Isolated, { clock = () => new Date(), variables = {}, log }: SystemOptions) {
    this.#logger = log ? createLogger('e2e', 'trace', log) : createLogger('e2e', process.env['LOG_LEVEL'] ?? 'fatal');
    this.#servers = servers;
    this.#clock = clock;
    this.#variables = variables;
  }

  /** Starts everything and resolves once all three services are ready. */
  static async start(label: string, options: SystemOptions = {}): Promise<System> {
    const system = new System(await isolateForTest(label), options);
    await installDemo(system.#servers, options.catalogue);
    await system.startTicketing();
    await system.startNotifications();
    const gateway = readConfig(gatewayConfig, system.#env());
    system.#gateway = await startGateway(gateway, system.#logger, { clock: system.#clock });
    system.#fetch = conformingFetch(openApiDocument(), system.apiUrl);
    await eventually(
      async () =>
        (await system.ready('gateway')).status === 200 && (await system.ready('notifications')).status === 200,
    );
    return system;
  }

  async startTicketing(): Promise<void> {
    const config = readConfig(ticketingConfig, this.#env());
    this.#ticketing = await startTicketing(config, this.#logger, { clock: this.#clock });
  }

  async startNotifications(): Promise<void> {
    const config = readConfig(notificationsConfig, this.#env());
    this.#notifications = await startNotifications(config, this.#logger, { clock: this.#clock });
  }

  async stopNotifications(): Promise<void> {
    await this.#notifications?.stop();
    this.#notifications = undefined;
  }

  async stopTicketing(): Promise<void> {
    await this.#ticketing?.stop();
    this.#ticketing = undefined;
  }

  /** Where the API is. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.#gateway!.port}`;
  }

  /** Where the console is. */
  get consoleUrl(): string {
    return `http://127.0.0.1:${this.#gateway!.opsPort}/console`;
  }

  get amqpUrl(): string {
    return this.#servers.amqpUrl;
  }

  /** Where both services have their collections. */
  get mongoUrl(): string {
    return this.#servers.mongoUrl;
  }

  /** Takes a ticket. */
  post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.send('POST', '/customer/v1/tickets', body, headers);
  }

  get(path: string, headers?: Record<string, string>): Promise<Response> {
    return this.send('GET', path, undefined, headers);
  }

  /** Sends a request to the API, a text as it is. An answer that the API does not describe is an error. */
  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.#fetch!(path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && {
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
  }

  ready(service: 'gateway' | 'notifications'): Promise<Response> {
    const { opsPort } = service === 'gateway' ? this.#gateway! : this.#notifications!;
    return fetchOnce(`http://127.0.0.1:${opsPort}/readyz`);
  }

  /** Asks the operations server of a service. */
  ops(service: ServiceName, path: string, init?: RequestInit): Promise<Response> {
    const { opsPort } = { gateway: this.#gateway!, ticketing: this.#ticketing!, notifications: this.#notifications! }[
      service
    ];
    return fetchOnce(`http://127.0.0.1:${opsPort}${path}`, init);
  }

  /** Where the inbox is. */
  get inboxUrl(): string {
    return `http://127.0.0.1:${this.#notifications!.port}/inbox`;
  }

  async inbox(): Promise<{ to: string; text: string; segments: number; ticket_id: string; sent_at: string }[]> {
    const answer = await fetchOnce(`${this.inboxUrl}/messages`);
    return (await answer.json()) as Awaited<ReturnType<System['inbox']>>;
  }

  async stop(): Promise<void> {
    const running: (RunningService | undefined)[] = [this.#gateway, this.#ticketing, this.#notifications];
    for (const service of running) await service?.stop();
    await this.#servers.dispose();
  }

  #env(): NodeJS.ProcessEnv {
    return { ...serviceVariables(this.#servers, anyPorts), ...this.#variables };
  }
}
