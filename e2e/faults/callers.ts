import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { Asked, Outcome } from './checker.ts';
import { Dice } from './dice.ts';

/** Sends a request for a ticket to the gateway. */
export type Post = (body: object, headers?: Record<string, string>) => Promise<Response>;

/** Where a ticket is asked for. */
export interface Place {
  readonly branch_id: string;
  readonly sector_id: string;
  readonly service_id: string;
}

/** Open around the clock, each with a queue of its own. */
const places: readonly Place[] = [
  { branch_id: '27b6', sector_id: 's8', service_id: '7b6' },
  { branch_id: '27b6', sector_id: 's8', service_id: '7c1' },
  { branch_id: '27b6', sector_id: 's9', service_id: '7d2' },
  { branch_id: '90vd', sector_id: 'vc', service_id: '6a1' },
  { branch_id: '90vd', sector_id: 'tf', service_id: '6b2' },
];
/** A place that no branch has: refused for good. */
const nowhere: Place = { branch_id: '27b6', sector_id: 's8', service_id: 'none' };

const repeatAfterMs = 200;

export interface AskOptions {
  readonly place?: Place;
  /** With an Idempotency-Key the request is repeated until its outcome is known, for so long at most, in milliseconds. */
  readonly repeatForMs?: number;
}

export interface LoadOptions {
  /** Callers who ask one request after the other. */
  readonly callers?: number;
  /** Between the answer and the next request of a caller, in milliseconds. */
  readonly pauseMs?: number;
  readonly seed?: number;
}

/** A request with the times of its last attempt, in milliseconds of the process. */
export interface TimedAsked extends Asked {
  readonly startedAt: number;
  readonly answeredAt: number;
}

/** Everybody who asks for tickets, and what they were told. */
export class Callers {
  readonly asked: TimedAsked[] = [];
  readonly #post: Post;
  #phones = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  /** Asks for a ticket under a phone of its own. */
  async ask({ place = places[0]!, repeatForMs = 0 }: AskOptions = {}): Promise<TimedAsked> {
    const phone = `+519${String(++this.#phones).padStart(8, '0')}`;
    const headers: Record<string, string> = repeatForMs > 0 ? { 'idempotency-key': randomUUID() } : {};
    const giveUpAt = performance.now() + repeatForMs;
    for (;;) {
      const startedAt = performance.now();
      const outcome = await this.#attempt({ ...place, phone }, headers);
      const answeredAt = performance.now();
      if (outcome.kind !== 'unknown' || answeredAt >= giveUpAt) {
        const asked = { phone, outcome, startedAt, answeredAt };
        this.asked.push(asked);
        return asked;
      }
      await pause(repeatAfterMs);
    }
  }

  /**
   * Keeps asking: half of the callers' requests under keys, which they repeat, half without, and one in ten for a place that
   * no branch has. Who was told nothing, or 503, asks again a little later.
   *
   * @returns what ends it; resolves with all that was asked, once every caller has an outcome
   */
  keepAsking({ callers = 2, pauseMs = 100, seed = 1 }: LoadOptions = {}): () => Promise<readonly TimedAsked[]> {
    const ending = new AbortController();
    const one = async (dice: Dice): Promise<TimedAsked[]> => {
      const asked: TimedAsked[] = [];
      while (!ending.signal.aborted) {
        const place = dice.below(10) === 0 ? nowhere : dice.oneOf(places);
        const answer = await this.ask({ place, repeatForMs: dice.oneOf([0, 20_000]) });
        asked.push(answer);
        await pause(answer.outcome.kind === 'unknown' ? Math.max(pauseMs, repeatAfterMs) : pauseMs);
      }
      return asked;
    };
    const all = Promise.all(Array.from({ length: callers }, (_, index) => one(new Dice(seed + index))));
    // Whoever ends it is told.
    all.catch(() => undefined);
    return async () => {
      ending.abort();
      return (await all).flat();
    };
  }

  async #attempt(body: object, headers: Record<string, string>): Promise<Outcome> {
    try {
      const answer = await this.#post(body, headers);
      return await outcomeOf(answer, 'idempotency-key' in headers);
    } catch (error) {
      // How fetch says that the network failed; by its name, because Jest has another TypeError than fetch. Anything else,
      // as an answer against the contract, is a failure of its own.
      const { name, message, cause } = error as Error & { cause?: Error };
      if (name === 'TypeError') return { kind: 'unknown', why: cause?.message ?? message };
      throw error;
    }
  }
}

async function outcomeOf(answer: Response, hasKey: boolean): Promise<Outcome> {
  const { status } = answer;
  if (status === 201) {
    const { id: ticketId, number } = (await answer.json()) as { id: string; number: number };
    return { kind: 'created', ticketId, number };
  }
  // 409: the first request under this key still runs.
  if (status === 503 || (status === 409 && hasKey)) return { kind: 'unknown', why: `${status}` };
  if (status >= 500 || status === 409)
    throw new Error(`a request for a ticket was answered ${status}: ${await answer.text()}`);
  return { kind: 'refused', status };
}
