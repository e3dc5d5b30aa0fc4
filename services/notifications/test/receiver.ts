import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const secret = `whsec_${Buffer.from('a secret of the specs, 24 bytes or more').toString('base64')}`;

/** How the receiver treats a request once it has the message: as the contract says, or as told. */
export type Treatment = (request: IncomingMessage, response: ServerResponse) => void;

interface Next {
  readonly treat: Treatment;
  readonly isTaken: boolean;
}

export interface Received {
  readonly key: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}

/** A webhook receiver by the book of docs/sms-webhook.md, on a port of its own. */
export class Receiver {
  /** Every attempt whose signature is right. */
  readonly attempts: Received[] = [];
  /** How a request is treated for which {@link next} and {@link nextNotTaken} have nothing. */
  otherwise: (received: Received) => Next | undefined = () => undefined;
  readonly #server: Server;
  readonly #ids = new Map<string, string>();
  readonly #treatments: Next[] = [];

  private constructor() {
    this.#server = createServer((request, response) => void this.#receive(request, response));
  }

  static async open(): Promise<Receiver> {
    const receiver = new Receiver();
    await once(receiver.#server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/sms`;
  }

  /** How often a message reached a phone: once for every key. */
  get delivered(): number {
    return this.#ids.size;
  }

  /** The same of one key. */
  deliveredUnder(key: string): number {
    return this.#ids.has(key) ? 1 : 0;
  }

  /** Treats the next request so, whatever is in it; the message has been taken by then. */
  next(treat: Treatment): void {
    this.#treatments.push({ treat, isTaken: true });
  }

  /** The same, without taking the message. */
  nextNotTaken(treat: Treatment): void {
    this.#treatments.push({ treat, isTaken: false });
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (!isSigned(request.headers, body)) return void response.writeHead(401).end();
    const key = String(request.headers['idempotency-key']);
    const received = { key, body: JSON.parse(body) as unknown, headers: request.headers };
    this.attempts.push(received);
    const next = this.#treatments.shift() ?? this.otherwise(received);
    if (next && !next.isTaken) return next.treat(request, response);
    const id = this.#ids.get(key) ?? `message-${this.#ids.size + 1}`;
    this.#ids.set(key, id);
    if (next) return next.treat(request, response);
    response.writeHead(202).end(JSON.stringify({ id }));
  }
}

/** As docs/sms-webhook.md shows it. */
function isSigned(headers: IncomingMessage['headers'], body: string): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(signed)
    .digest();
  const given = String(headers['webhook-signature']).split(' ');
  return given.some((signature) => {
    const bytes = Buffer.from(signature.slice('v1,'.length), 'base64');
    return signature.startsWith('v1,') && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}
