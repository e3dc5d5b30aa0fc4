import type { Text } from './sms-receiver.ts';

/** What the caller of a request knows in the end. */
export type Outcome =
  | { readonly kind: 'created'; readonly ticketId: string; readonly number: number }
  /** For good: the same request would be told the same again. */
  | { readonly kind: 'refused'; readonly status: number }
  /** A 503, or no answer: the ticket may or may not be there. */
  | { readonly kind: 'unknown'; readonly why: string };

/** A request for a ticket. Each has a phone of its own, by which its ticket and its SMS are found. */
export interface Asked {
  readonly phone: string;
  readonly outcome: Outcome;
}

export interface StoredTicket {
  readonly id: string;
  readonly phone: string;
  readonly number: number;
  /** The queue and its day: numbers are 1, 2, 3 … within it. */
  readonly lane: string;
}

/**
 * What became of all requests, in the words of Jepsen's total-queue checker. Each of the last four lists names what is wrong,
 * one line a finding, the first of many, and is to be empty.
 */
export interface Verdict {
  readonly requests: number;
  readonly created: number;
  readonly refused: number;
  readonly unknown: number;
  /** Requests of unknown outcome that did get a ticket, once. */
  readonly recovered: number;
  /** A ticket that was answered and is not stored, or one that is stored and has no SMS. */
  readonly lost: readonly string[];
  /** A second ticket of one request, or a second SMS of one ticket. */
  readonly duplicated: readonly string[];
  /** Ghosts: a ticket of a request that was refused, or a ticket or SMS that nobody asked for. */
  readonly unexpected: readonly string[];
  /** A number that is missing in its queue, is there twice, or is not the one that was answered. */
  readonly misnumbered: readonly string[];
}

/** Holds what was answered against what is stored and what was texted. */
export function check(asked: readonly Asked[], tickets: readonly StoredTicket[], texts: readonly Text[]): Verdict {
  const ticketsOf = Map.groupBy(tickets, ({ phone }) => phone);
  const textsOf = Map.groupBy(texts, ({ ticketId }) => ticketId);
  const outcomes = new Map(asked.map(({ phone, outcome }) => [phone, outcome]));
  const count = (kind: Outcome['kind']) => asked.filter(({ outcome }) => outcome.kind === kind).length;
  const stored = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  return {
    requests: asked.length,
    created: count('created'),
    refused: count('refused'),
    unknown: count('unknown'),
    recovered: asked.filter(({ phone, outcome }) => outcome.kind === 'unknown' && ticketsOf.has(phone)).length,
    lost: firstOf([
      ...asked.flatMap(({ phone, outcome }) =>
        outcome.kind === 'created' && !stored.has(outcome.ticketId) ? `ticket ${outcome.ticketId} of ${phone}` : [],
      ),
      ...tickets.flatMap(({ id, phone }) => (textsOf.has(id) ? [] : `the SMS of ${id} to ${phone}`)),
    ]),
    duplicated: firstOf([
      ...[...ticketsOf].flatMap(([phone, own]) => (own.length > 1 ? `${own.length} tickets of ${phone}` : [])),
      ...[...textsOf].flatMap(([id, own]) => (own.length > 1 ? `${own.length} SMS of ticket ${id}` : [])),
    ]),
    unexpected: firstOf([
      ...tickets.flatMap(({ id, phone }) => {
        const kind = outcomes.get(phone)?.kind ?? 'never sent';
        return kind === 'created' || kind === 'unknown' ? [] : `ticket ${id} of ${phone}, whose request was ${kind}`;
      }),
      ...texts.flatMap(({ ticketId, to }) =>
        stored.get(ticketId)?.phone === to ? [] : `an SMS to ${to} of ticket ${ticketId}`,
      ),
    ]),
    misnumbered: firstOf([...wrongAnswers(asked, stored), ...gaps(tickets)]),
  };
}

const shownAtMost = 10;

function firstOf(findings: readonly string[]): readonly string[] {
  const more = findings.length - shownAtMost;
  return more > 0 ? [...findings.slice(0, shownAtMost), `and ${more} more`] : findings;
}

function wrongAnswers(asked: readonly Asked[], stored: ReadonlyMap<string, StoredTicket>): string[] {
  return asked.flatMap(({ phone, outcome }) => {
    if (outcome.kind !== 'created') return [];
    const number = stored.get(outcome.ticketId)?.number ?? outcome.number;
    return number === outcome.number ? [] : `${phone} was told ${outcome.number} and has ${number}`;
  });
}

function gaps(tickets: readonly StoredTicket[]): string[] {
  return [...Map.groupBy(tickets, ({ lane }) => lane)].flatMap(([lane, own]) => {
    const numbers = own.map(({ number }) => number).toSorted((a, b) => a - b);
    const off = numbers.findIndex((number, index) => number !== index + 1);
    return off < 0 ? [] : `${lane} has ${numbers[off]} where ${off + 1} should be`;
  });
}
