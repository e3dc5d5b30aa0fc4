import { setTimeout as pause } from 'node:timers/promises';
import { tickets } from './attack.ts';

/** Phones of the well-behaved caller's customers begin so; nobody else's do. */
export const customersPhones = '+51977';

/** Another queue than the attacker's, whose numbers may be used up: that is not what is looked at here. */
const place = { branch_id: '27b6', sector_id: 's8', service_id: '7c1', channel: 'kiosk' };

export interface Asked {
  readonly phone: string;
  /** The ticket's id, or what came instead. */
  readonly answer: { readonly id: string } | { readonly instead: string };
  readonly ms: number;
}

/** Takes tickets, one at a time, at a rate that is within every limit. */
export class WellBehavedCaller {
  readonly asked: Asked[] = [];
  readonly #port: number;
  readonly #key: string;
  readonly #rate: number;

  /** @param rate tickets a second */
  constructor(port: number, key: string, rate: number) {
    this.#port = port;
    this.#key = key;
    this.#rate = rate;
  }

  /** Asks on until told to stop, and resolves with what was asked meanwhile. */
  async askUntil(ending: Promise<unknown>): Promise<readonly Asked[]> {
    const from = this.asked.length;
    const over = new AbortController();
    const ended = ending.finally(() => over.abort());
    for (let dueAt = performance.now(); !over.signal.aborted; dueAt += 1_000 / this.#rate) {
      await pause(Math.max(0, dueAt - performance.now()));
      this.asked.push(await this.#ask());
    }
    await ended;
    return this.asked.slice(from);
  }

  async #ask(): Promise<Asked> {
    const phone = phoneOf(this.asked.length);
    const startedAt = performance.now();
    const answer = await this.#take(phone).catch((error: Error & { cause?: Error }) => ({
      instead: (error.cause ?? error).message,
    }));
    return { phone, answer, ms: performance.now() - startedAt };
  }

  async #take(phone: string): Promise<Asked['answer']> {
    const answer = await fetch(`http://127.0.0.1:${this.#port}${tickets}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#key}` },
      body: JSON.stringify({ ...place, phone }),
    });
    const text = await answer.text();
    return answer.status === 201
      ? { id: (JSON.parse(text) as { id: string }).id }
      : { instead: `${answer.status} ${text}` };
  }
}

/** Another one each time, and spread over many series of numbers, as people's are: there is a cap on those of one. */
function phoneOf(index: number): string {
  const [series, number] = [index % 100, Math.floor(index / 100)];
  return `${customersPhones}${String(series).padStart(2, '0')}${String(number).padStart(4, '0')}`;
}
