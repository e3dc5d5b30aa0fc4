import { describe, expect, test } from '@jest/globals';
import type { QueueFigures } from './figures.ts';
import { verdictOf, type Judged } from './verdict.ts';

const at = Date.parse('2026-11-25T03:00:00Z');
const depth = { messages: 0, consumers: 1 };
const queues: QueueFigures[] = [
  { name: 'ticketing.rpc', is: 'calls', depth },
  { name: 'notifications.ticket-created', is: 'events', depth },
  { name: 'notifications.ticket-created.dead', is: 'dead letters', depth },
];
const sms = { counts: { SENT: 40 }, handover: [], newest: [], isFallbackInUse: false };
const inbox = { name: 'inbox', breaker: 'closed', waiting: 0 };
const closed = { startedAt: 0, breaker: 'closed', pendingCalls: 0, requestsInFlight: 0, requestsShed: 0 } as const;
const well: Judged = {
  at,
  canRedrive: true,
  gateway: closed,
  queues: { value: queues, at },
  depths: { since: 0, slotMs: 10_000, queues: [] },
  tickets: { value: { since: 0, branches: [], outbox: { size: 0 } }, at },
  sms: { value: { ...sms, providers: [inbox] }, at },
  deadLetters: { value: { queue: 'dead', waiting: 0, totals: [], letters: [] }, at },
};

const failing = { since: at, why: 'no answer within 2000 ms' };
const calls = (of: number, failed: number) => ({
  since: 0,
  slotMs: 10_000,
  calls: [of],
  failed: [failed],
  p50: [1],
  p95: [1],
});
const eventsOf = (events: QueueFigures['depth']) => ({
  at,
  value: queues.map((queue) => (queue.is === 'events' && events ? { ...queue, depth: events } : queue)),
});

test('when nothing is wrong, then all is well', () => {
  expect(verdictOf(well)).toEqual({ state: 'well', findings: [] });
});

describe('something is broken', () => {
  test.each<[string, Partial<Judged>, string, string]>([
    [
      'there is no broker',
      { gateway: { ...closed, brokerTrouble: 'no channel' } },
      'does not reach the broker',
      'broker',
    ],
    [
      'the breaker is open',
      { gateway: { ...closed, breaker: 'open' } },
      'breaker before ticketing is open',
      'ticketing',
    ],
    ['ticketing does not answer', { tickets: { failing } }, 'Ticketing does not answer: no answer', 'ticketing'],
    ['notifications does not answer', { sms: { failing } }, 'Notifications does not answer', 'notifications'],
    [
      'nobody takes events',
      { queues: eventsOf({ messages: 1, consumers: 0 }) },
      'Nobody takes the 1 event',
      'notifications',
    ],
    [
      'an event waits for a minute',
      { tickets: { at, value: { since: 0, branches: [], outbox: { size: 2, oldestSince: at - 60_000 } } } },
      '2 events could not be published, the oldest for 60 s',
      'outbox',
    ],
    [
      'a queue is gone',
      { queues: { at, value: [{ name: 'ticketing.rpc', is: 'calls' }] } },
      'no queue ticketing.rpc',
      'queues',
    ],
    [
      'the provider is away',
      { sms: { at, value: { ...sms, providers: [{ ...inbox, breaker: 'open' }] } } },
      'SMS provider inbox takes no SMS',
      'provider',
    ],
  ])('when %s, then it says so, and where the help is', (_what, change, text, help) => {
    const { state, findings } = verdictOf({ ...well, ...change });

    expect(state).toBe('broken');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ what: expect.stringContaining(text), help });
  });
});

describe('something is to be looked at', () => {
  test.each<[string, Partial<Judged>, string]>([
    [
      'there are dead letters',
      { deadLetters: { at, value: { queue: 'dead', waiting: 2, totals: [], letters: [] } } },
      '2 dead letters',
    ],
    ['many events wait', { queues: eventsOf({ messages: 1_500, consumers: 2 }) }, '1,500 events wait'],
    [
      'the fallback sends',
      { sms: { at, value: { ...sms, providers: [inbox], isFallbackInUse: true } } },
      'fallback sends',
    ],
    [
      'many SMS fail',
      { sms: { at, value: { ...sms, providers: [inbox], counts: { SENT: 15, FAILED: 5 } } } },
      '5 of 20 SMS of the last hour have failed',
    ],
    [
      'an SMS is unknown',
      { sms: { at, value: { ...sms, providers: [inbox], counts: { UNKNOWN: 1 } } } },
      'Of 1 SMS of the last hour it is unknown',
    ],
    ['calls fail', { gateway: { ...closed, rpc: calls(40, 4) } }, '10 % of the calls'],
    ['requests fail', { gateway: { ...closed, http: calls(100, 7) } }, '7 % of the requests'],
  ])('when %s, then it says so', (_what, change, text) => {
    const { state, findings } = verdictOf({ ...well, ...change });

    expect(state).toBe('look');
    expect(findings.map(({ what }) => what)).toEqual([expect.stringContaining(text)]);
  });

  test('when a few calls fail, then they say nothing yet', () => {
    expect(verdictOf({ ...well, gateway: { ...closed, rpc: calls(10, 1) } }).state).toBe('well');
  });
});

test('when several things are wrong, then what is broken comes first', () => {
  const deadLetters = { at, value: { queue: 'dead', waiting: 1, totals: [], letters: [] } };

  const { state, findings } = verdictOf({ ...well, deadLetters, sms: { failing } });

  expect([state, ...findings.map((finding) => finding.state)]).toEqual(['broken', 'broken', 'look']);
});
