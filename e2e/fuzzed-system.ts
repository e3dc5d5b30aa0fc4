import { openApiDocument } from '@turno/gateway';
import type { Catalogue, Ticket } from '@turno/shared';
import { conformance } from '@turno/testing';
import { created, type Verdict } from './contract-verdict.ts';
import { badHosts } from './odd-requests.ts';
import { exchange, headOf, sendAndHangUp, type RawAnswer, type RawRequest } from './raw-request.ts';
import type { System } from './system.ts';

const tickets = '/customer/v1/tickets';
const { check } = conformance(openApiDocument());
/** RPC_TIMEOUT_MS, and something for a machine that is busy. */
const longestAnswerMs = 6_000;
/** Node.js refuses more than that before the application sees it. */
const maxHeadBytes = 16 * 1024;
const readsAtOnce = 50;

/** What a creation of a ticket is sent with. */
export type Creation = Omit<RawRequest, 'method' | 'target'>;

/** A system under odd requests: holds each answer against what must be true of all, and keeps account of the tickets. */
export class FuzzedSystem {
  readonly #system: System;
  readonly #port: number;
  readonly #issued = new Map<string, Ticket>();
  readonly #cancelled = new Set<string>();
  #sent = 0;

  constructor(system: System) {
    this.#system = system;
    this.#port = Number(new URL(system.apiUrl).port);
  }

  /** How many requests were sent. */
  get sent(): number {
    return this.#sent;
  }

  /** @throws when the answer is none that the API describes, is a 5xx, or comes late; the message has the request */
  async send(request: RawRequest, mustHold: (answer: RawAnswer) => void = () => undefined): Promise<RawAnswer> {
    this.#sent++;
    try {
      const answer = await exchange(this.#port, request);
      assertSound(request, answer);
      mustHold(answer);
      return answer;
    } catch (error) {
      const sent = `${headOf(request).toString('latin1')}${request.body?.toString('latin1') ?? ''}`;
      throw new Error(`${String(error)}\nthe request was ${JSON.stringify(sent.slice(0, 2_000))}`, { cause: error });
    }
  }

  /** Sends the creation of a ticket. @throws when the answer is none of those expected */
  create(request: Creation, expected: Verdict): Promise<RawAnswer> {
    return this.send({ method: 'POST', target: tickets, ...request }, ({ status, body }) => {
      const ticket = JSON.parse(body) as Ticket & { message: string };
      if (status === 201) this.#issued.set(ticket.id, ticket);
      const got = status === 201 ? created : ticket.message;
      if (!expected.includes(got)) throw new Error(`expected ${expected.join(' or ')}, got ${status} ${got}`);
    });
  }

  /** Sends a part of the creation of a ticket and hangs up. */
  async breakOff(request: Creation, share: number): Promise<void> {
    this.#sent++;
    await sendAndHangUp(this.#port, { method: 'POST', target: tickets, ...request }, share);
  }

  /** Puts ids of tickets in their places, and notes whose ticket is cancelled by it. */
  async sendAbout(request: RawRequest): Promise<void> {
    const ids = [...this.#issued.keys()];
    const target = request.target.replaceAll(/\{(\d+)\}/g, (_, place) => ids[Number(place) % ids.length] ?? 'none');
    const { status } = await this.send({ ...request, target });
    if (request.method === 'DELETE' && status === 204) this.#cancelled.add(pathOf(target).split('/').at(-1)!);
  }

  /** What is wrong with the first ticket that does not read as its 201 and its cancellation say, if any. */
  async unreadable(): Promise<string | undefined> {
    const ids = [...this.#issued.keys()];
    for (let i = 0; i < ids.length; i += readsAtOnce) {
      const some = ids.slice(i, i + readsAtOnce);
      const wrong = (await Promise.all(some.map((id) => this.#wrongReadOf(id)))).find((text) => text !== undefined);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  /** The numbers that were given, by branch and queue, in ascending order. */
  get numbers(): ReadonlyMap<string, readonly number[]> {
    const byQueue = Map.groupBy(this.#issued.values(), ({ branch, queue }) => `${branch.id} ${queue}`);
    return new Map(
      [...byQueue].map(([queue, some]) => [queue, some.map(({ number }) => number).toSorted((a, b) => a - b)]),
    );
  }

  async #wrongReadOf(id: string): Promise<string | undefined> {
    const answer = await this.#system.get(`${tickets}/${id}?fields=id,number,queue,channel`);
    const body = await answer.text();
    const { number, queue, channel } = this.#issued.get(id)!;
    const ticket = JSON.stringify({ id, queue, number, channel });
    const isCancelled = this.#cancelled.has(id);
    const isRight = isCancelled ? answer.status === 404 : answer.status === 200 && body === ticket;
    return isRight ? undefined : `${isCancelled ? 'cancelled: ' : ''}${ticket} reads as ${answer.status} ${body}`;
  }
}

/** Every place where the network takes tickets, each queue once. */
export function queuesOf({ branches }: Catalogue): { branch_id: string; sector_id: string; service_id: string }[] {
  const taking = branches.filter(({ status }) => status === 'OPEN');
  return taking.flatMap(({ id, sectors }) =>
    sectors.flatMap((sector) =>
      sector.services.map((service) => ({ branch_id: id, sector_id: sector.id, service_id: service })),
    ),
  );
}

/** What must be true of every answer, whatever it answers. */
function assertSound(request: RawRequest, answer: RawAnswer): void {
  const { method, target } = request;
  if (!isRefusedAsHttp(request, answer)) check({ method, path: pathOf(target), ...answer });
  if (answer.status >= 500) throw new Error(`a ${answer.status}: ${answer.body}`);
  if (answer.took > longestAnswerMs) throw new Error(`the answer took ${Math.round(answer.took)} ms`);
  if (!answer.headers.has('x-request-id')) throw new Error('the answer has no X-Request-Id');
}

function pathOf(target: string): string {
  return target.split(/[?#]/)[0]!;
}

/** Whether the request is no HTTP, or has more headers than are taken, and was told so: that is answered on any path. */
function isRefusedAsHttp(request: RawRequest, { status, body }: RawAnswer): boolean {
  const head = headOf(request).toString('latin1');
  const isHttp = /^[!-~]+$/.test(request.target) && !/[^\t\r\n\x20-\x7e\x80-\xff]/.test(head);
  const mayBeRefused = !isHttp || head.length >= maxHeadBytes || badHosts.includes(request.host ?? 'localhost');
  return mayBeRefused && status === 400 && (body === '' ? request.method === 'HEAD' : body.includes('"ht00"'));
}
