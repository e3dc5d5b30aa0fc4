import type { Clock, Logger } from '@turno/shared';
import { tracesOf, type InboxView, type ShownMessage, type Trace } from '../data-access/inbox-view.ts';
import type { PromotionConsent } from '../domain/promotion-consent.ts';

/** What is new in the inbox, or new to one who has just come. Whole messages: a repeat replaces what was there. */
export interface InboxUpdate {
  /** The moment up to which it tells, in milliseconds: who names it gets what came after. */
  readonly upTo: number;
  readonly messages: readonly ShownMessage[];
  readonly consents: readonly PromotionConsent[];
}

export interface InboxListener {
  update(update: InboxUpdate): void;
  /** The database does not answer; the next update says that it does again. */
  away(): void;
  /** There will be no more. */
  close(): void;
}

export interface InboxFeedOptions {
  readonly view: InboxView;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Joining {
  readonly listener: InboxListener;
  /** Where an earlier connection of the same listener ended, in milliseconds. */
  readonly since: number | undefined;
}

/** How often the database is asked. A message is to be on the page within a second of its ticket's 201. */
const everyMs = 250;
/** Two writers' clocks differ, and a write may take this long: what is older than the newest by less is looked at again. */
const overlapMs = 3_000;
/** How many messages a page starts with. */
export const shownMessages = 1_000;

/**
 * Tells listeners what happens in the inbox. The database is asked once for all of them, and only while there are some: other
 * instances write into it, and DocumentDB has no change streams.
 */
export class InboxFeed {
  readonly #options: InboxFeedOptions;
  readonly #listeners = new Set<InboxListener>();
  #joining: Joining[] = [];
  #known = new Map<string, string>();
  #newest = 0;
  #isAway = false;
  #isRunning = false;
  #isClosed = false;
  #wake = (): void => undefined;

  constructor(options: InboxFeedOptions) {
    this.#options = options;
  }

  get listeners(): number {
    return this.#listeners.size + this.#joining.length;
  }

  /** Whether it asks the database again and again. */
  get isLooking(): boolean {
    return this.#isRunning;
  }

  /**
   * Sends what there is, or what came after `since`, and from then on whatever is new.
   *
   * @param since the `upTo` of the last update that the listener got in an earlier connection
   * @returns what ends it
   */
  listen(listener: InboxListener, since?: number): () => void {
    if (this.#isClosed) listener.close();
    this.#joining.push({ listener, since });
    if (this.#isRunning) this.refresh();
    else void this.#run();
    return () => {
      this.#listeners.delete(listener);
      this.#joining = this.#joining.filter((joining) => joining.listener !== listener);
      if (this.listeners === 0) this.refresh();
    };
  }

  /** Looks now: something was written just here. */
  refresh(): void {
    this.#wake();
  }

  /** Sends every listener away, and asks the database no more. */
  close(): void {
    this.#isClosed = true;
    for (const listener of this.#all()) listener.close();
    this.refresh();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    this.#newest = 0;
    while (this.listeners > 0 && !this.#isClosed) {
      const woken = this.#untilWoken();
      await this.#look();
      await woken;
    }
    this.#isRunning = false;
  }

  /** Resolves when it is time again, or at once when somebody wakes the feed, as while it is still looking. */
  #untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #look(): Promise<void> {
    try {
      if (this.#listeners.size > 0) await this.#tellNews();
      await this.#welcome();
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway) this.#options.logger.warn({ err: error }, 'the inbox page cannot read the database');
      this.#isAway = true;
      for (const listener of this.#all()) listener.away();
    }
  }

  #all(): InboxListener[] {
    return [...this.#listeners, ...this.#joining.map(({ listener }) => listener)];
  }

  async #tellNews(): Promise<void> {
    const traces = await this.#options.view.tracesSince(new Date(this.#from(this.#newest)), shownMessages);
    const news = traces.filter((trace) => this.#known.get(nameOf(trace)) !== trace.version);
    const update = await this.#updateOf(news);
    // Only now: a failure on the way makes them news once more.
    this.#know(traces);
    if (update.messages.length + update.consents.length === 0 && !this.#isAway) return;
    for (const listener of this.#listeners) listener.update(update);
  }

  /** Nothing falls between: what is written after this reading is found by the next look for news. */
  async #welcome(): Promise<void> {
    if (this.#joining.length === 0) return;
    const joining = [...this.#joining];
    const isFirst = this.#listeners.size === 0;
    const everything =
      isFirst || joining.some(({ since }) => since === undefined) ? await this.#everything() : undefined;
    if (isFirst && everything) this.#know(tracesOf(everything.messages, everything.consents));
    const updates = await Promise.all(
      joining.map(async ({ since }) => (since === undefined ? undefined : this.#missedSince(since))),
    );
    for (const [i, { listener }] of joining.entries()) {
      // It may have left meanwhile.
      if (!this.#joining.some((still) => still.listener === listener)) continue;
      this.#listeners.add(listener);
      listener.update(updates[i] ?? everything ?? (await this.#everything()));
    }
    this.#joining = this.#joining.filter(({ listener }) => !this.#listeners.has(listener));
  }

  async #everything(): Promise<InboxUpdate> {
    const [messages, consents] = await Promise.all([
      this.#options.view.newest(shownMessages),
      this.#options.view.newestConsents(shownMessages),
    ]);
    return this.#asUpdate(messages, consents);
  }

  /** Undefined when it was too much: then everything is less. */
  async #missedSince(since: number): Promise<InboxUpdate | undefined> {
    const traces = await this.#options.view.tracesSince(new Date(this.#from(since)), shownMessages);
    return traces.length >= shownMessages ? undefined : this.#updateOf(traces);
  }

  async #updateOf(traces: readonly Trace[]): Promise<InboxUpdate> {
    const keys = traces.filter(({ kind }) => kind !== 'consent').map((trace) => trace.of);
    const phones = traces.filter(({ kind }) => kind === 'consent').map((trace) => trace.of);
    const [messages, consents] = await Promise.all([
      this.#options.view.messages([...new Set(keys)]),
      this.#options.view.consents(phones),
    ]);
    return this.#asUpdate(messages, consents, traces);
  }

  #asUpdate(
    messages: readonly ShownMessage[],
    consents: readonly PromotionConsent[],
    traces: readonly Trace[] = tracesOf(messages, consents),
  ): InboxUpdate {
    for (const { at } of traces) this.#newest = Math.max(this.#newest, at.getTime());
    return { upTo: this.#newest, messages, consents };
  }

  #know(traces: readonly Trace[]): void {
    this.#known = new Map(traces.map((trace) => [nameOf(trace), trace.version]));
  }

  /** A message from the future must not hide those of the present. */
  #from(newest: number): number {
    return Math.max(0, Math.min(newest, this.#options.clock().getTime()) - overlapMs);
  }
}

function nameOf({ kind, of }: Trace): string {
  return `${kind} ${of}`;
}
