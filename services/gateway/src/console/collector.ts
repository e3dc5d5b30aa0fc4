import { setTimeout as pause } from 'node:timers/promises';
import type { DeadLetterList, QueueDepth, SmsFigures, TicketFigures } from '@turno/shared';
import type { DeadLetters, Figures, Sms } from './figures.ts';
import type { OwnFigures } from './own-figures.ts';
import { DepthHistory } from './series.ts';
import { deadLetterQueueName, deadLettersOf, queuesOf, smsOf, ticketsOf } from './shapes.ts';
import { verdictOf } from './verdict.ts';
import { WatchedPart } from './watched-part.ts';

/** Where figures come from; each rejects where it cannot be asked. */
export interface FigureSources {
  readonly queueDepths: () => Promise<QueueDepth[]>;
  readonly ticketFigures: () => Promise<TicketFigures>;
  readonly smsFigures: () => Promise<SmsFigures>;
  readonly deadLetters: () => Promise<DeadLetterList>;
}

export interface CollectorOptions {
  readonly sources: FigureSources;
  readonly own: OwnFigures;
  readonly canRedrive: boolean;
  readonly now: () => number;
}

export interface ConsoleListener {
  figures(figures: Figures): void;
  /** There will be no more. */
  close(): void;
}

const everyMs = 2_000;
/** A look is told after so long, with whatever has answered by then. */
const tellWithinMs = 1_500;
const hourMs = 3_600_000;

/** Gathers what the console shows: once for all pages, and only while one is open. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #depths = new DepthHistory();
  readonly #listeners = new Set<ConsoleListener>();
  /** Of minutes that are further back than the newest SMS reach. */
  #handover = new Map<number, Sms['handover'][number]>();
  #parts: ReturnType<Collector['newParts']>;
  #lookedAt = 0;
  #isRunning = false;
  #isClosed = false;
  #wake = new AbortController();

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#parts = this.newParts();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Tells the listener at once and from then on; returns what ends it. */
  listen(listener: ConsoleListener): () => void {
    if (this.#isClosed) listener.close();
    this.#listeners.add(listener);
    if (this.#isRunning) this.refresh();
    else void this.#run();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.refresh();
    };
  }

  /** Looks now, at the dead letters, too. */
  refresh(): void {
    this.#parts.deadLetters.expire();
    this.#wake.abort();
  }

  /** One look, for whoever wants no more. */
  async figures(): Promise<Figures> {
    await this.#look();
    return this.#figures();
  }

  /** Sends every listener away and looks no more. */
  close(): void {
    this.#isClosed = true;
    for (const listener of this.#listeners) listener.close();
    this.refresh();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#listeners.size > 0 && !this.#isClosed) {
      this.#wake = new AbortController();
      const woken = pause(everyMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
      await this.#look();
      const figures = this.#figures();
      for (const listener of this.#listeners) listener.figures(figures);
      await woken;
    }
    this.#isRunning = false;
  }

  async #look(): Promise<void> {
    const { own, now } = this.#options;
    // What was known when somebody looked last says nothing about now, and "failing since then" would be wrong.
    if (now() - this.#lookedAt > 5 * everyMs) this.#parts = this.newParts();
    this.#lookedAt = now();
    const { queues, tickets, sms, deadLetters } = this.#parts;
    const all = Promise.all([
      own.take(),
      // In this order: whoever looks at dead letters holds them, and they are not counted meanwhile.
      queues.refresh().then(() => this.#refreshDeadLetters(deadLetters)),
      tickets.refresh(),
      sms.refresh(),
    ]);
    await Promise.race([all, pause(tellWithinMs, undefined, { ref: false })]);
  }

  #refreshDeadLetters(part: WatchedPart<DeadLetters>): Promise<void> {
    if (this.#deadLettersByCount() !== part.part.value?.waiting) part.expire();
    return part.refresh();
  }

  /** As the broker counts them. */
  #deadLettersByCount(): number | undefined {
    const queues = this.#parts.queues.part.value ?? [];
    return queues.find(({ name }) => name === deadLetterQueueName)?.depth?.messages;
  }

  private newParts() {
    const { sources, now } = this.#options;
    const queues = async () => {
      const depths = await sources.queueDepths();
      this.#depths.take(now(), new Map(depths.flatMap(({ name, depth }) => (depth ? [[name, depth.messages]] : []))));
      return queuesOf(depths);
    };
    const deadLetters = async (): Promise<DeadLetters> => {
      // Looking takes connections and holds letters; where there are none nobody is asked.
      if (this.#deadLettersByCount() === 0) return { queue: deadLetterQueueName, waiting: 0, totals: [], letters: [] };
      return deadLettersOf(await sources.deadLetters());
    };
    return {
      queues: new WatchedPart({ read: queues, everyMs: 1_000, now }),
      tickets: new WatchedPart({ read: async () => ticketsOf(await sources.ticketFigures()), everyMs: 1_000, now }),
      sms: new WatchedPart({ read: async () => this.#remembering(await sources.smsFigures()), everyMs: 1_000, now }),
      deadLetters: new WatchedPart({ read: deadLetters, everyMs: 30_000, now }),
    };
  }

  #remembering(figures: SmsFigures): Sms {
    const sms = smsOf(figures);
    for (const of of sms.handover) this.#handover.set(of.minute, of);
    const kept = [...this.#handover.values()].filter(({ minute }) => minute > this.#options.now() - hourMs);
    this.#handover = new Map(kept.toSorted((a, b) => a.minute - b.minute).map((of) => [of.minute, of]));
    return { ...sms, handover: [...this.#handover.values()] };
  }

  #figures(): Figures {
    const { own, canRedrive, now } = this.#options;
    const { queues, tickets, sms, deadLetters } = this.#parts;
    const figures = {
      at: now(),
      canRedrive,
      gateway: own.figures,
      queues: queues.part,
      depths: this.#depths.series,
      tickets: tickets.part,
      sms: sms.part,
      deadLetters: deadLetters.part,
    };
    return { ...figures, verdict: verdictOf(figures) };
  }
}
