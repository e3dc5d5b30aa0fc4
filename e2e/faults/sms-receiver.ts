import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** An SMS on its way to a phone. */
export interface Text {
  readonly to: string;
  readonly ticketId: string;
  readonly text: string;
}

/**
 * The other end of the `webhook` provider, as docs/sms-webhook.md wants it: what comes again under the same
 * Idempotency-Key is the message that it has. It outlives the processes of Turno.
 */
export class SmsReceiver {
  /** Shared with Turno, which signs by it. */
  readonly secret = randomBytes(32).toString('base64');
  readonly #server: Server;
  readonly #accepted = new Map<string, Text>();
  /** Requests whose message is accepted and whose answer is kept back. */
  readonly #unanswered: (() => void)[] = [];
  readonly #requestsFor = new Map<string, number>();
  #keepsAnswers = false;

  private constructor() {
    this.#server = createServer((request, response) => void this.#receive(request, response));
  }

  static async listen(): Promise<SmsReceiver> {
    const receiver = new SmsReceiver();
    await once(receiver.#server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/sms`;
  }

  /** Every message that it accepted, once for each key. */
  get texts(): readonly Text[] {
    return [...this.#accepted.values()];
  }

  /** How many requests came for a phone. */
  requestsFor(phone: string): number {
    return this.#requestsFor.get(phone) ?? 0;
  }

  /** From now on it accepts messages without answering. */
  keepAnswers(): void {
    this.#keepsAnswers = true;
  }

  /** Answers again, also what it kept back. */
  answer(): void {
    this.#keepsAnswers = false;
    for (const answer of this.#unanswered.splice(0)) answer();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { to, ticket_id: ticketId, text } = (await json(request)) as { to: string; ticket_id: string; text: string };
    this.#requestsFor.set(to, this.requestsFor(to) + 1);
    const key = String(request.headers['idempotency-key']);
    if (!this.#accepted.has(key)) this.#accepted.set(key, { to, ticketId, text });
    const answer = () => response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: key }));
    if (this.#keepsAnswers) this.#unanswered.push(answer);
    else answer();
  }
}
