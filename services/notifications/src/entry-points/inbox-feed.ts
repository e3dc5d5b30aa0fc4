import type { Clock, Logger } from '@turno/shared';
import type { InboxView } from '../data-access/inbox-view.ts';
import { InboxReader, type InboxUpdate } from './inbox-reader.ts';

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

/**
 * Tells listeners what happens in the inbox. The database is asked once for all of them, and only while there are some: other
 * instances write into it, and DocumentDB has no change streams.
 */
export class InboxFeed {
  readonly #options: InboxFeedOptions;
  readonly #listeners = new Set<InboxListener>();
  #joining: Joining[] = [];
  #reader: InboxReader;
  #isAway = false;
  #isRunning = false;
  #isClosed = false;
  #wake = (): void => undefined;

  constructor(options: InboxFeedOptions) {
    this.#options = options;
    this.#reader = new InboxReader(options.view, options.clock);
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
    this.#reader = new InboxReader(this.#options.view, this.#options.clock);
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
    const update = await this.#reader.news();
    if (update.messages.length + update.consents.length === 0 && !this.#isAway) return;
    for (const listener of this.#listeners) listener.update(update);
  }

  /** Nothing falls between: what is written after this reading is found by the next look for news. */
  async #welcome(): Promise<void> {
    const joining = [...this.#joining];
    if (joining.length === 0) return;
    const isFirst = this.#listeners.size === 0;
    const isNew = joining.some(({ since }) => since === undefined);
    const everything = isFirst || isNew ? await this.#reader.everything() : undefined;
    if (isFirst && everything) this.#reader.known(everything);
    for (const { listener, since } of joining) {
      const missed = since === undefined ? undefined : await this.#reader.since(since);
      const update = missed ?? everything ?? (await this.#reader.everything());
      // It may have left meanwhile.
      if (!this.#joining.some((still) => still.listener === listener)) continue;
      this.#joining = this.#joining.filter((other) => other.listener !== listener);
      this.#listeners.add(listener);
      listener.update(update);
    }
  }
}
