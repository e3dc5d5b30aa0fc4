import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ApiRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** What becomes of a request beside what the provider's documentation says. */
export type Treatment =
  | 'breaks off'
  | 'takes it and breaks off'
  | 'says nothing'
  | 'takes it and says nothing'
  /** This answer, and the message is not taken. */
  | ApiAnswer;

/** A provider's HTTP API on a port of its own. What it takes and refuses is as the provider documents it. */
export abstract class ProviderApi {
  /** All that came, in order. */
  readonly requests: ApiRequest[] = [];
  /** How a request is treated for which {@link next} has nothing. */
  otherwise: (request: ApiRequest) => Treatment | undefined = () => undefined;
  readonly #server: Server;
  readonly #treatments: (Treatment | undefined)[] = [];

  protected constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<this> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  get base(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Treats the requests that come next so, one after the other; undefined treats one as documented. */
  next(...treatments: (Treatment | undefined)[]): void {
    this.#treatments.push(...treatments);
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** How often a text has reached a phone. */
  abstract delivered(to: string, text: string): number;

  /** Does what the request asks for, and answers. */
  protected abstract answer(request: ApiRequest): ApiAnswer;

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: await text(incoming) };
    this.requests.push(request);
    const treatment = this.#treatments.shift() ?? this.otherwise(request);
    if (typeof treatment === 'object') return send(response, treatment);
    if (treatment === undefined) return send(response, this.answer(request));
    if (treatment.startsWith('takes it')) this.answer(request);
    if (treatment.endsWith('breaks off')) incoming.socket.resetAndDestroy();
  }
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: ApiAnswer): void {
  const isText = typeof body === 'string';
  response
    .writeHead(status, { 'content-type': isText ? 'text/xml' : 'application/json', ...headers })
    .end(isText ? body : JSON.stringify(body));
}
