import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { httpLimits, limitConnections, serverOptions } from './http-limits.ts';
import { closeServer, listen } from './http-server.ts';
import { answerLogLevel, type OpsAnswer } from './log-level-desk.ts';
import type { Logger } from './logger.ts';
import { refusedRead, type OpsAccess } from './ops-reads.ts';
import { secureAnswer } from './page.ts';
import { Metrics } from './telemetry/metrics.ts';

/** Answers true, or says in a few words why the service cannot do its work now. */
export type ReadinessCheck = () => true | string | Promise<true | string>;

export interface OpsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  /** What else the service has for whoever operates it, by the path that it and all below it answers to: `/dead-letters`. */
  readonly more?: Readonly<Record<string, RequestListener>>;
  /** What `/metrics` tells; without any, of the process alone. */
  readonly metrics?: Metrics;
  /** What an operator sends to change the log level, and to read where others than this machine can ask; without one nobody may. */
  readonly token?: string | undefined;
  readonly logger: Logger;
}

const json = 'application/json; charset=utf-8';

/**
 * The private server of a service, for whoever operates it: `/livez` (the process answers), `/readyz` (the service can do
 * its work now, check by check), `/metrics` (Prometheus) and `/log-level`, which can be changed. The first three answer
 * everybody, because what looks after a service has no token; they tell of no customer.
 */
export class OpsServer {
  readonly #server: Server;
  readonly #checks: OpsServerOptions['checks'];
  readonly #more: NonNullable<OpsServerOptions['more']>;
  readonly #metrics: Metrics;
  readonly #access: OpsAccess;
  readonly #logger: Logger;
  #port = 0;
  #stopping = false;

  private constructor(options: OpsServerOptions) {
    const { host, checks, more = {}, metrics = new Metrics('unknown'), token, logger } = options;
    this.#checks = checks;
    this.#more = more;
    this.#metrics = metrics;
    this.#access = { host, token };
    this.#logger = logger;
    this.#server = createServer(serverOptions(httpLimits), (request, response) => {
      secureAnswer(response);
      this.#answer(request, response).catch((error: unknown) => {
        logger.error({ err: error }, 'the operations server failed');
        send(response, 500, json, JSON.stringify({ status: 'failed' }));
      });
    });
    limitConnections(this.#server, httpLimits);
  }

  static async listen(options: OpsServerOptions): Promise<OpsServer> {
    const ops = new OpsServer(options);
    ops.#port = await listen(ops.#server, options.port, options.host);
    return ops;
  }

  get port(): number {
    return this.#port;
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
    switch (path) {
      case '/livez':
        return send(response, 200, json, JSON.stringify({ status: 'alive' }));
      case '/readyz':
        return this.#answerReadiness(response);
      case '/metrics':
        return this.#answerMetrics(response);
      default:
        return this.#answerOperator(path, request, response);
    }
  }

  async #answerOperator(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusedRead(request, this.#access);
    if (refused) return sendJson(response, { ...refused, body: { message: refused.message } });
    const more = this.#more[path.replace(/(?<=.)\/.*/s, '')];
    if (more) return more(request, response);
    if (path === '/log-level')
      return sendJson(response, await answerLogLevel(request, this.#access.token, this.#logger));
    send(response, 404, json, JSON.stringify({ message: `Try ${this.#paths()}.` }));
  }

  async #answerMetrics(response: ServerResponse): Promise<void> {
    const { registry } = this.#metrics;
    send(response, 200, registry.contentType, await registry.metrics());
  }

  #paths(): string {
    const paths = ['/livez', '/readyz', '/metrics', '/log-level', ...Object.keys(this.#more)];
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

function sendJson(response: ServerResponse, { status, body, headers = {} }: OpsAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  send(response, status, json, JSON.stringify(body));
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}
