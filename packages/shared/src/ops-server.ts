import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { closeServer, listen } from './http-server.ts';
import type { Logger } from './logger.ts';

/** Answers true, or says in a few words why the service cannot do its work now. */
export type ReadinessCheck = () => true | string | Promise<true | string>;

export interface OpsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  /** What else the service has for whoever operates it, by the path that it and all below it answers to: `/dead-letters`. */
  readonly more?: Readonly<Record<string, RequestListener>>;
  readonly logger: Logger;
}

const json = 'application/json; charset=utf-8';

/**
 * The private server of a service, for whoever operates it: `/livez` (the process answers), `/readyz` (the service can do
 * its work now, check by check) and `/metrics` (Prometheus).
 */
export class OpsServer {
  readonly registry = new Registry();
  readonly #server: Server;
  readonly #checks: OpsServerOptions['checks'];
  readonly #more: NonNullable<OpsServerOptions['more']>;
  #port = 0;
  #stopping = false;

  private constructor({ checks, more = {}, logger }: OpsServerOptions) {
    this.#checks = checks;
    this.#more = more;
    collectDefaultMetrics({ register: this.registry });
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        logger.error({ err: error }, 'the operations server failed');
        send(response, 500, json, JSON.stringify({ status: 'failed' }));
      });
    });
  }

  static async listen(options: OpsServerOptions): Promise<OpsServer> {
    const ops = new OpsServer(options);
    ops.#port = await listen(ops.#server, options.port, options.host);
    return ops;
  }

  get port(): number {
    return this.#port;
  }

  /** Exposes a number that goes up and down, read whenever somebody asks for it. */
  gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.registry], collect: () => gauge.set(read()) });
  }

  /** Exposes a number that only grows, kept by its owner; its name ends in `_total`. */
  counter(name: string, help: string, read: () => number): void {
    const collect = (): void => {
      counter.reset();
      counter.inc(read());
    };
    const counter: Counter = new Counter({ name, help, registers: [this.registry], collect });
  }

  /** From now on the service is not ready, whatever its checks say: load balancers look elsewhere. */
  beginStopping(): void {
    this.#stopping = true;
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').replace(/\?.*/s, '');
    const more = this.#more[path.replace(/(?<=.)\/.*/s, '')];
    if (more) return more(request, response);
    switch (path) {
      case '/livez':
        return send(response, 200, json, JSON.stringify({ status: 'alive' }));
      case '/readyz':
        return this.#answerReadiness(response);
      case '/metrics':
        return send(response, 200, this.registry.contentType, await this.registry.metrics());
      default:
        return send(response, 404, json, JSON.stringify({ message: `Try ${this.#paths()}.` }));
    }
  }

  #paths(): string {
    const paths = ['/livez', '/readyz', '/metrics', ...Object.keys(this.#more)];
    return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(paths);
  }

  async #answerReadiness(response: ServerResponse): Promise<void> {
    const verdicts = await Promise.all(
      Object.entries(this.#checks).map(async ([name, check]) => [name, await verdict(check)]),
    );
    const checks = Object.fromEntries(verdicts) as Record<string, string>;
    const ready = !this.#stopping && Object.values(checks).every((text) => text === 'ok');
    const status = this.#stopping ? 'stopping' : ready ? 'ready' : 'not ready';
    send(response, ready ? 200 : 503, json, JSON.stringify({ status, checks }));
  }
}

async function verdict(check: ReadinessCheck): Promise<string> {
  try {
    const answer = await check();
    return answer === true ? 'ok' : answer;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}
