import { beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { Collector, type FigureSources } from './collector.ts';
import type { Figures } from './figures.ts';
import { OwnFigures } from './own-figures.ts';

const now = () => Date.now();
const minute = '2026-11-25T03:00:00.000Z';
const dead = { name: 'notifications.ticket-created.dead', depth: { messages: 0, consumers: 0 } };

let asked: string[];
let failing: Set<string>;

beforeEach(() => {
  [asked, failing] = [[], new Set()];
});

/** Answers as the services would, unless it is failing, and writes down that it was asked. */
async function answer<T>(name: string, value: T): Promise<T> {
  asked.push(name);
  if (failing.has(name)) throw new Error(`${name} does not answer`);
  return value;
}

const sources: FigureSources = {
  queueDepths: () => answer('queues', [dead]),
  ticketFigures: () => answer('tickets', { since: minute, branches: [], others_per_minute: [], outbox: { size: 0 } }),
  smsFigures: () =>
    answer('sms', { counts: { SENT: 1 }, handover: [], newest: [], providers: [], fallback_in_use: false }),
  deadLetters: () => answer('letters', { queue: dead.name, waiting: 1, totals: [], letters: [] }),
};

function collect(changes: Partial<FigureSources> = {}): Collector {
  const state = { breaker: 'closed', pendingCalls: 0, requestsInFlight: 0, requestsShed: 0 } as const;
  const own = new OwnFigures({ registry: { getSingleMetric: () => undefined }, read: () => state, now });
  return new Collector({ sources: { ...sources, ...changes }, own, canRedrive: false, now });
}

test('when nobody looks, then nobody is asked; when a page comes, then it is told; when it leaves, then that ends', async () => {
  const collector = collect();
  const told: Figures[] = [];
  expect(asked).toEqual([]);

  const leave = collector.listen({ figures: (figures) => told.push(figures), close: () => undefined });
  await eventually(async () => told.length > 0);
  leave();

  expect(told[0]).toMatchObject({
    tickets: { value: { outbox: { size: 0 } } },
    sms: { value: { counts: { SENT: 1 } } },
  });
  expect(asked.filter((name) => name === 'tickets')).toHaveLength(1);
  expect(collector.listeners).toBe(0);
});

test('when one of them does not answer, then the others are told, and of that one why not', async () => {
  failing.add('tickets');

  const figures = await collect().figures();

  expect(figures.tickets).toMatchObject({ failing: { why: 'tickets does not answer' } });
  expect(figures.sms.value?.counts).toEqual({ SENT: 1 });
  expect(figures.verdict.state).toBe('broken');
});

test('when one of them takes its time, then the others do not wait for it', async () => {
  const collector = collect({ smsFigures: () => new Promise(() => undefined) });

  const figures = await collector.figures();

  expect(figures.sms).toEqual({});
  expect(figures.tickets.value).toBeDefined();
});

test('when there are no dead letters, then nobody is asked to look at them; when there are, then they are listed', async () => {
  const none = await collect().figures();
  expect([none.deadLetters.value?.waiting, asked.includes('letters')]).toEqual([0, false]);

  const one = { ...dead, depth: { messages: 1, consumers: 0 } };
  const some = await collect({ queueDepths: async () => [one] }).figures();

  expect(some.deadLetters.value?.waiting).toBe(1);
  expect(some.verdict.findings.map(({ help }) => help)).toContain('dead-letters');
});

test('when it is closed, then every page is sent away', async () => {
  const collector = collect();
  let isSentAway = false;
  collector.listen({ figures: () => undefined, close: () => (isSentAway = true) });

  collector.close();

  expect(isSentAway).toBe(true);
});
