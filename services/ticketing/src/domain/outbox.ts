import { inGroups, type Clock, type Logger } from '@turno/shared';
import type { UnpublishedTickets } from './ticket-store.ts';

/**
 * So many ids that tickets are to have, stored before the first of them has one. An id is struck off once the event of its ticket is
 * with the broker, or once its ticket is marked as left behind.
 */
export interface StoredPage {
  readonly id: string;
  readonly ticketIds: readonly string[];
  readonly openedAt: Date;
}

/** Where pages are kept. */
export interface OutboxPages {
  open(page: StoredPage): Promise<void>;
  strike(pageId: string, ticketIds: readonly string[]): Promise<void>;
  close(pageId: string): Promise<void>;
  /** All but these, the oldest first. */
  others(than: readonly string[], limit: number): Promise<StoredPage[]>;
}

/** Where tickets get their ids. */
export interface TicketIds {
  take(): Promise<string>;
  /** There is no ticket under this id, so that another may have it. */
  release(id: string): void;
  /** Nobody knows whether there is a ticket under this id, or will be. */
  doubt(id: string): void;
}

export interface OutboxOptions {
  readonly pages: OutboxPages;
  readonly tickets: Pick<UnpublishedTickets, 'leaveBehind'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
  /** An event is left behind when it is pending for so long, in milliseconds: before, whoever created the ticket is still at it. */
  readonly leftBehindAfterMs?: number;
}

/** A page as its instance has it. */
interface Page {
  readonly id: string;
  readonly openedAt: number;
  readonly free: string[];
  /** Ids that were given out and are not struck. */
  readonly atWork: Set<string>;
}

const idsOfPage = 256;
/** The next page is opened when this one has no more than so many left. */
const openNextAt = 128;
/** An id is given out within a minute of its page, and no ticket comes minutes after its id: then a page is of no more use. */
const usedForMs = 60_000;
const keptForMs = 300_000;
const pagesAtOnce = 200;
/** Nobody waits for it: what a crash leaves unstruck is published once more. In milliseconds. */
const struckWithinMs = 100;

/**
 * Which events are pending, told by few small documents: so that no ticket is written a second time when its event is out. The ids of
 * tickets come off a page that is stored, and that names them until their events are with the broker. After a crash the others find by it
 * which tickets are there, and mark these as left behind.
 */
export class Outbox implements TicketIds {
  readonly #options: OutboxOptions;
  readonly #pages = new Set<Page>();
  readonly #pageOf = new Map<string, Page>();
  readonly #doubtful = new Set<string>();
  readonly #strike = inGroups((ids: readonly string[]) => this.#strikeAll(ids), { lingerMs: struckWithinMs });
  #opening: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** @throws when there is no page and none can be stored */
  async take(): Promise<string> {
    for (;;) {
      const usable = [...this.#pages].filter((page) => this.#isUsable(page));
      const id = usable[0]?.free.pop();
      if (id === undefined) {
        await this.#open();
        continue;
      }
      usable[0]!.atWork.add(id);
      this.#pageOf.set(id, usable[0]!);
      const left = usable.reduce((sum, { free }) => sum + free.length, 0);
      // One that cannot be opened is tried again when it is needed.
      if (left <= openNextAt) this.#open().catch(() => undefined);
      return id;
    }
  }

  release(id: string): void {
    const page = this.#pageOf.get(id);
    if (!page) return;
    page.atWork.delete(id);
    this.#pageOf.delete(id);
    page.free.push(id);
  }

  doubt(id: string): void {
    this.#doubtful.add(id);
  }

  /** The event is with the broker, or its ticket is marked as left behind. Resolves when that is stored, or cannot be. */
  async settle(id: string): Promise<void> {
    if (this.#pageOf.has(id)) await this.#strike(id);
  }

  /** Marks what a crash left of others, or an answer that was lost of our own, as left behind; closes pages that are of no more use. */
  async leaveBehind(): Promise<void> {
    const { pages, tickets, clock, leftBehindAfterMs = 2_000 } = this.#options;
    const now = clock().getTime();
    for (const page of this.#pages) if (page.openedAt < now - keptForMs) void this.#finish(page);
    const others = await pages.others(
      [...this.#pages].map(({ id }) => id),
      pagesAtOnce,
    );
    const ids = [...this.#doubtful, ...others.flatMap(({ ticketIds }) => ticketIds)];
    const createdBefore = new Date(now - leftBehindAfterMs);
    const left = new Set(ids.length > 0 ? await tickets.leaveBehind(ids, createdBefore) : []);
    for (const { id, ticketIds, openedAt } of others) {
      const struck = ticketIds.filter((each) => left.has(each));
      if (struck.length > 0) await pages.strike(id, struck);
      else if (openedAt.getTime() < now - keptForMs) await pages.close(id);
    }
    const known = [...this.#doubtful].filter((id) => left.has(id));
    for (const id of known) this.#doubtful.delete(id);
    await Promise.all(known.map((id) => this.settle(id)));
  }

  /** Resolves once the pages of this instance are closed; those that somebody has to look after are left to the others. */
  async stop(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    await Promise.all([...this.#pages].map((page) => this.#finish(page)));
  }

  #isUsable({ free, openedAt }: Page): boolean {
    const age = this.#options.clock().getTime() - openedAt;
    return free.length > 0 && age >= 0 && age < usedForMs;
  }

  #open(): Promise<void> {
    this.#opening ??= this.#openPage().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #openPage(): Promise<void> {
    const { pages, clock, newId } = this.#options;
    const ticketIds = Array.from({ length: idsOfPage }, newId);
    const page = { id: newId(), ticketIds, openedAt: clock() };
    await pages.open(page);
    for (const spent of this.#pages) if (!this.#isUsable(spent) && spent.atWork.size === 0) void this.#finish(spent);
    this.#pages.add({ id: page.id, openedAt: page.openedAt.getTime(), free: ticketIds, atWork: new Set() });
  }

  async #strikeAll(ids: readonly string[]): Promise<[]> {
    const byPage = Map.groupBy(ids, (id) => this.#pageOf.get(id)!);
    for (const [page, struck] of byPage) await this.#strikeOff(page, struck);
    return [];
  }

  async #strikeOff(page: Page, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      page.atWork.delete(id);
      this.#pageOf.delete(id);
    }
    if (page.atWork.size === 0 && !this.#isUsable(page)) return this.#finish(page);
    await this.#store(page, () => this.#options.pages.strike(page.id, ids));
  }

  /** It is used no more. What is still at work on it is in doubt, and for all to look after. */
  async #finish(page: Page): Promise<void> {
    const { pages } = this.#options;
    this.#pages.delete(page);
    const inDoubt = [...page.atWork];
    for (const id of inDoubt) {
      this.#doubtful.delete(id);
      this.#pageOf.delete(id);
    }
    await this.#store(page, () => (inDoubt.length === 0 ? pages.close(page.id) : pages.strike(page.id, page.free)));
  }

  /** What cannot be stored is for all to look after: the events of the page are published once more. */
  async #store(page: Page, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#pages.delete(page);
      this.#options.logger.warn({ err: error }, 'could not note that events are published: some are published again');
    }
  }
}
