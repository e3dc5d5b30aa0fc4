import {
  bodyOf,
  DeadLetters,
  listedLetter,
  reasonTotals,
  selectLetters,
  type DeadLetter,
  type LetterSelection,
  type ListedLetter,
  type Logger,
  type Settled,
  type Subscription,
} from '@turno/shared';
import { OneAtATime } from './one-at-a-time.ts';

export interface DeadLettersDeskOptions {
  readonly url: string;
  readonly subscription: Subscription;
  readonly logger: Logger;
}

export type Settling = 'redrive' | 'discard';

export interface Settlement extends Settled {
  /** Whether every letter was looked at. */
  readonly isComplete: boolean;
  /** Why it ended early, when that was an error; the letters that are not settled stay. */
  readonly failure?: unknown;
}

/** Whoever looks holds the letters, so that two at once would see a part each. */
const atMost = 10;
const withinMs = 2_000;

/** What an operator can do with the dead letters of a subscription, each time over connections of its own. */
export class DeadLettersDesk {
  readonly queue: string;
  readonly #options: DeadLettersDeskOptions;
  readonly #turns = new OneAtATime(atMost);

  constructor(options: DeadLettersDeskOptions) {
    this.queue = options.subscription.deadLetterQueue.name;
    this.#options = options;
  }

  /** @throws BrokerUnavailable, Overloaded */
  async list(limit: number, signal: AbortSignal) {
    const letters: ListedLetter[] = [];
    const { waiting } = await this.#open((dead) =>
      dead.look((letter) => letters.push(listedLetter(letter)), { limit, signal }),
    );
    return { queue: this.queue, waiting, totals: reasonTotals(letters), letters };
  }

  /**
   * All of the letters of that id: an event may have been given up twice.
   *
   * @throws BrokerUnavailable, Overloaded
   */
  async show(id: string, signal: AbortSignal) {
    const { isMeant } = selectLetters({ id });
    const found: DeadLetter[] = [];
    await this.#open((dead) => dead.look((letter) => void (isMeant(letter) && found.push(letter)), { signal }));
    return { queue: this.queue, letters: found.map(whole) };
  }

  /**
   * Sends letters to the queue they came from, or throws them away. What was done before an error counts as done.
   *
   * @throws BrokerUnavailable, Overloaded when it could not begin
   */
  settle(settling: Settling, selection: LetterSelection, signal: AbortSignal): Promise<Settlement> {
    const { isMeant } = selectLetters(selection);
    return this.#open(async (dead) => {
      let soFar: Settled = { settled: 0, seen: 0, waiting: 0 };
      try {
        soFar = await dead[settling](isMeant, (progress) => (soFar = progress), { signal });
        return { ...soFar, isComplete: soFar.seen === soFar.waiting };
      } catch (failure) {
        return { ...soFar, isComplete: false, failure };
      }
    });
  }

  #open<T>(use: (dead: DeadLetters) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      const dead = await DeadLetters.open({ ...this.#options, withinMs });
      try {
        return await use(dead);
      } finally {
        await dead.close();
      }
    });
  }
}

function whole(letter: DeadLetter) {
  const { headers = {}, ...properties } = letter.properties;
  const body = bodyOf(letter, false);
  return { ...listedLetter(letter), properties, headers, body: 'json' in body ? body.json : body.text };
}
