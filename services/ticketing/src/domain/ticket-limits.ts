import { Refusal, type Clock, type RefusalReason } from '@turno/shared';
import type { TicketDraft } from './ticket.ts';

/** Tickets of the last while, those that were cancelled included: their SMS have gone out. */
export interface RecentTickets {
  /** When the newest tickets of a phone were created, the newest first: those created after `since`, `limit` at most. */
  ofPhone(phone: string, since: Date, limit: number): Promise<Date[]>;
  /** The same of a holder. */
  ofHolder(holder: string, since: Date, limit: number): Promise<Date[]>;
}

export interface TicketLimitsOptions {
  /** Tickets of one phone within the window; 0 for no limit. */
  readonly perPhone: number;
  /** Tickets of one customer within the window; 0 for no limit. */
  readonly perCustomer: number;
  readonly windowMs: number;
  readonly recent: RecentTickets;
  readonly clock: Clock;
}

/** How many phones, and how many customers, an instance remembers; a few MB. */
export const rememberedAtMost = 20_000;

/**
 * How many tickets a phone and a customer may take in a while: each is an SMS that somebody pays for.
 *
 * The first ticket of a phone at an instance costs nothing. From the second within the window on, the database is asked how
 * many there are; and of one phone, one ticket is made after the other. So n instances overshoot a limit by n - 1 at most,
 * and by one more each time that one of them starts anew, or forgets the phone because of 20,000 later ones.
 */
export class TicketLimits {
  readonly #phones: Limit;
  readonly #customers: Limit;

  constructor({ perPhone, perCustomer, windowMs, recent, clock }: TicketLimitsOptions) {
    const common = { windowMs, clock };
    this.#phones = new Limit({
      ...common,
      limit: perPhone,
      reason: 'TOO_MANY_TICKETS_OF_PHONE',
      recent: (phone, since) => recent.ofPhone(phone, since, perPhone),
    });
    this.#customers = new Limit({
      ...common,
      limit: perCustomer,
      reason: 'TOO_MANY_TICKETS_OF_CUSTOMER',
      recent: (holder, since) => recent.ofHolder(holder, since, perCustomer),
    });
  }

  /**
   * Makes the ticket of a draft, if its phone and its customer may have one more.
   *
   * @throws Refusal when they may not, with the seconds after which they may
   */
  within<T>({ phone, customer }: Pick<TicketDraft, 'phone' | 'customer'>, make: () => Promise<T>): Promise<T> {
    // In this order always: two requests never wait for one another.
    return this.#phones.within(phone, () => this.#customers.within(customer?.holder, make));
  }
}

interface LimitOptions {
  readonly limit: number;
  readonly windowMs: number;
  readonly reason: RefusalReason;
  readonly recent: (key: string, since: Date) => Promise<Date[]>;
  readonly clock: Clock;
}

/** What an instance knows of a phone or a customer that it has seen. */
interface Known {
  /** Settles once the last ticket asked for is made, or is not. */
  last: Promise<unknown>;
  seenAt: number;
  /** Until then there is no need to ask. */
  fullUntil: number;
}

class Limit {
  readonly #options: LimitOptions;
  /** Those seen last are last. */
  readonly #known = new Map<string, Known>();

  constructor(options: LimitOptions) {
    this.#options = options;
  }

  within<T>(key: string | undefined, make: () => Promise<T>): Promise<T> {
    if (key === undefined || this.#options.limit === 0) return make();
    const seenAt = this.#now();
    const known = this.#recall(key, seenAt);
    const made = known ? this.#madeAfter(known, key, make) : make();
    const last = made.then(nothing, nothing);
    this.#known.delete(key);
    this.#known.set(key, Object.assign(known ?? { fullUntil: 0 }, { last, seenAt }));
    this.#forgetBeyond(rememberedAtMost);
    return made;
  }

  #recall(key: string, now: number): Known | undefined {
    const known = this.#known.get(key);
    return known && now - known.seenAt < this.#options.windowMs ? known : undefined;
  }

  /** One after the other: what is counted is all that this instance has made. */
  async #madeAfter<T>(known: Known, key: string, make: () => Promise<T>): Promise<T> {
    await known.last;
    if (known.fullUntil <= this.#now()) known.fullUntil = await this.#askUntilWhen(key);
    const left = known.fullUntil - this.#now();
    if (left <= 0) return make();
    throw new Refusal(this.#options.reason, { retryAfterSeconds: Math.ceil(left / 1_000) });
  }

  /** Until when the tickets there are leave room for none; 0 when they do. */
  async #askUntilWhen(key: string): Promise<number> {
    const { recent, limit, windowMs } = this.#options;
    const created = await recent(key, new Date(this.#now() - windowMs));
    const oldest = created[limit - 1];
    return oldest ? oldest.getTime() + windowMs : 0;
  }

  #forgetBeyond(most: number): void {
    for (const key of this.#known.keys()) {
      if (this.#known.size <= most) return;
      this.#known.delete(key);
    }
  }

  #now(): number {
    return this.#options.clock().getTime();
  }
}

function nothing(): void {
  return;
}
