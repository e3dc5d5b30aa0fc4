import { hotPlace, spreadPlace } from '../systems/network.ts';
import type { LoadOrder } from './order.ts';

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Of the ticket that it asks for. */
  readonly index?: number;
}

const tickets = '/customer/v1/tickets';
const createdStatus = 201;
/** A repeat comes so many requests after the first: by then the first is answered. */
const repeatAfter = 300;
const rememberedIds = 1_000;

/** What an answer should have for a status. */
export function expectedStatus({ method }: LoadRequest): number {
  return method === 'POST' ? createdStatus : 200;
}

/** The phone of a ticket, from which the provider knows its index again. */
export function phoneOf(index: number): string {
  return `+51${String(index).padStart(10, '0')}`;
}

export function indexOf(phone: string): number {
  return Number(phone.slice('+51'.length));
}

/** The requests of one order, one after the other. */
export class Requests {
  readonly #order: LoadOrder;
  readonly #ids: string[] = [];
  #made = 0;
  #nextIndex: number;
  #lastId = 0;

  constructor(order: LoadOrder) {
    this.#order = order;
    this.#nextIndex = order.firstIndex;
  }

  /** Whether the answers' bodies are of interest. */
  get wantsAnswers(): boolean {
    return this.#order.scenario === 'reads';
  }

  /** So many tickets were asked for. */
  get asked(): number {
    return this.#nextIndex - this.#order.firstIndex;
  }

  next(): LoadRequest {
    const { scenario, firstIndex } = this.#order;
    const turn = this.#made++ % 10;
    if (scenario === 'reads' && turn >= 3 && this.#ids.length > 0) return this.#read();
    if (scenario !== 'keys') return this.#create(this.#nextIndex++);
    const earlier = this.#nextIndex - repeatAfter;
    const index = turn === 9 && earlier >= firstIndex ? earlier : this.#nextIndex++;
    const request = this.#create(index);
    return { ...request, headers: { ...request.headers, 'idempotency-key': `bench-${index}` } };
  }

  /** A ticket that can be read from now on. */
  noteCreated(answer: string): void {
    const { id } = JSON.parse(answer) as { id: string };
    if (this.#ids.length < rememberedIds) this.#ids.push(id);
    else this.#ids[this.#lastId++ % rememberedIds] = id;
  }

  #read(): LoadRequest {
    // Far from one another, without the cost and the chance of random numbers.
    const id = this.#ids[(this.#made * 7) % this.#ids.length]!;
    return { method: 'GET', path: `${tickets}/${id}` };
  }

  #create(index: number): LoadRequest {
    const place = this.#order.scenario === 'hot' ? hotPlace(index) : spreadPlace(index);
    const phone = this.#order.withPhones ? { phone: phoneOf(index) } : {};
    const body = JSON.stringify({ ...place, channel: 'mobile', ...phone });
    return { method: 'POST', path: tickets, headers: { 'content-type': 'application/json' }, body, index };
  }
}
