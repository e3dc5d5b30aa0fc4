import type { Clock } from '@turno/shared';
import { tracesOf, type InboxView, type ShownMessage, type Trace } from '../data-access/inbox-view.ts';
import type { PromotionConsent } from '../domain/promotion-consent.ts';

/** What is new in the inbox, or new to one who has just come. Whole messages: a repeat replaces what was there. */
export interface InboxUpdate {
  /** The moment up to which it tells, in milliseconds: who names it gets what came after. */
  readonly upTo: number;
  readonly messages: readonly ShownMessage[];
  readonly consents: readonly PromotionConsent[];
}

/** How many messages a page starts with. */
export const shownMessages = 1_000;
/** Two writers' clocks differ, and a write may take this long: what is older than the newest by less is looked at again. */
const overlapMs = 3_000;

/** Reads the inbox from where it has read before. Whoever begins reads {@link everything} first. */
export class InboxReader {
  readonly #view: InboxView;
  readonly #clock: Clock;
  #known = new Map<string, string>();
  #newest = 0;

  constructor(view: InboxView, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  async everything(): Promise<InboxUpdate> {
    const [messages, consents] = await Promise.all([
      this.#view.newest(shownMessages),
      this.#view.newestConsents(shownMessages),
    ]);
    return this.#asUpdate(messages, consents, tracesOf(messages, consents));
  }

  /** What was written since the last reading of news, or since what was {@link known}. */
  async news(): Promise<InboxUpdate> {
    const traces = await this.#view.tracesSince(this.#from(this.#newest), shownMessages);
    const update = await this.#updateOf(traces.filter((trace) => this.#known.get(nameOf(trace)) !== trace.version));
    // Only now: a failure on the way makes them news once more.
    this.#know(traces);
    return update;
  }

  /** What was written after an update up to that moment; undefined when it is too much, and everything is less. */
  async since(upTo: number): Promise<InboxUpdate | undefined> {
    const traces = await this.#view.tracesSince(this.#from(upTo), shownMessages);
    return traces.length >= shownMessages ? undefined : this.#updateOf(traces);
  }

  /** What is in the update is no news from now on. */
  known({ messages, consents }: InboxUpdate): void {
    this.#know(tracesOf(messages, consents));
  }

  async #updateOf(traces: readonly Trace[]): Promise<InboxUpdate> {
    const ofKind = (isConsent: boolean) =>
      traces.filter(({ kind }) => (kind === 'consent') === isConsent).map((trace) => trace.of);
    const [messages, consents] = await Promise.all([
      this.#view.messages([...new Set(ofKind(false))]),
      this.#view.consents(ofKind(true)),
    ]);
    return this.#asUpdate(messages, consents, traces);
  }

  #asUpdate(
    messages: readonly ShownMessage[],
    consents: readonly PromotionConsent[],
    traces: readonly Trace[],
  ): InboxUpdate {
    this.#newest = traces.reduce((newest, { at }) => Math.max(newest, at.getTime()), this.#newest);
    return { upTo: this.#newest, messages, consents };
  }

  #know(traces: readonly Trace[]): void {
    this.#known = new Map(traces.map((trace) => [nameOf(trace), trace.version]));
  }

  /** A message from the future must not hide those of the present. */
  #from(newest: number): Date {
    return new Date(Math.max(0, Math.min(newest, this.#clock().getTime()) - overlapMs));
  }
}

function nameOf({ kind, of }: Trace): string {
  return `${kind} ${of}`;
}
