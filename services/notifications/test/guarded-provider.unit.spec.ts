import { afterEach, describe, expect, test } from '@jest/globals';
import { createLogger } from '@turno/shared';
import { eventually } from '@turno/testing';
import { GuardedProvider, type ProviderLimits } from '../src/sms/guarded-provider.ts';
import type { SendResult, Sms, SmsProvider } from '../src/sms/sms-provider.ts';
import { AskableCarrier, Carrier, type Behaviour } from './carrier.ts';

const silent = createLogger('spec', 'silent');
const noLimits = { maxConcurrent: 50, maxPerSecond: 0 };
const probeMs = 50;

const guards: GuardedProvider[] = [];
afterEach(() => {
  for (const guard of guards.splice(0)) guard.close();
});

function guarded(provider: SmsProvider, limits: ProviderLimits = noLimits): GuardedProvider {
  const guard = new GuardedProvider(provider, limits, silent, { probeMs });
  guards.push(guard);
  return guard;
}

const smsOf = (n: number): Sms => ({
  key: `ticket-${n}.created`,
  ticketId: `ticket-${n}`,
  purpose: 'turn',
  to: '+51987776576',
  text: `Su turno es T${n}.`,
});
const times = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

async function sendOneByOne(guard: GuardedProvider, count: number): Promise<SendResult['kind'][]> {
  const kinds: SendResult['kind'][] = [];
  for (const n of times(count)) kinds.push((await guard.send(smsOf(n))).kind);
  return kinds;
}

/** A provider that answers when it is told to. */
class Slow implements SmsProvider {
  readonly name = 'slow';
  readonly under: ((result: SendResult) => void)[] = [];

  send(): Promise<SendResult> {
    return new Promise((resolve) => this.under.push(resolve));
  }

  answerAll(result: SendResult): void {
    for (const resolve of this.under.splice(0)) resolve(result);
  }
}

describe('the breaker', () => {
  test.each<Behaviour>(['away', 'transient', 'ambiguous', 'breaks off'])(
    'when ten SMS end as "%s", then the next is not even tried, and all wait',
    async (behaviour) => {
      const carrier = new Carrier(...times(10).map(() => behaviour));
      const guard = guarded(carrier);
      await sendOneByOne(guard, 10);

      expect(await guard.send(smsOf(10))).toEqual({
        kind: 'away',
        reason: expect.stringMatching(/^carrier seems to be down: .*(the carrier says|broke off)/),
      });
      expect(guard.breakerState).toBe('open');
      expect(carrier.delivered).toEqual([]);
    },
  );

  test.each<Behaviour>(['permanent', 'throttled'])(
    'when ten SMS end as "%s", then it stays closed',
    async (behaviour) => {
      const carrier = new Carrier(...times(10).map(() => behaviour));
      const guard = guarded(carrier);
      await sendOneByOne(guard, 10);

      expect(await guard.send(smsOf(10))).toMatchObject({ kind: 'sent' });
      expect(guard.breakerState).toBe('closed');
    },
  );

  test.each<[string, SendResult, SendResult['kind']]>([
    ['is back, then it gets the others', { kind: 'sent', providerId: '1' }, 'sent'],
    ['is still away, then the others do not even try', { kind: 'away', reason: 'maintenance' }, 'away'],
  ])('when one SMS of many finds that the provider %s', async (_what, found, others) => {
    const slow = new Slow();
    const guard = guarded(slow);
    const first = times(10).map((n) => guard.send(smsOf(n)));
    await eventually(() => slow.under.length === 10);
    slow.answerAll({ kind: 'away', reason: 'maintenance' });
    await Promise.all(first);
    await eventually(() => guard.breakerState === 'half-open');

    const many = times(5).map((n) => guard.send(smsOf(n)));
    await eventually(() => slow.under.length > 0);
    expect(slow.under).toHaveLength(1);
    slow.answerAll(found);
    if (others === 'sent') await eventually(() => slow.under.length === 4);
    slow.answerAll(found);

    expect((await Promise.all(many)).map(({ kind }) => kind)).toEqual(times(5).map(() => others));
    expect(guard.breakerState).toBe(others === 'sent' ? 'closed' : 'open');
  });

  test('when it is open, then nobody is asked what became of an SMS either', async () => {
    const carrier = new AskableCarrier(...times(10).map(() => 'away' as const));
    const guard = guarded(carrier);
    await sendOneByOne(guard, 10);

    expect(await guard.lookUp!(smsOf(1), new Date(), [])).toMatchObject({ kind: 'away' });
  });
});

describe('the limits', () => {
  test('when more SMS come than may be under way, then the others wait for their turn', async () => {
    const slow = new Slow();
    const guard = guarded(slow, { ...noLimits, maxConcurrent: 2 });
    const results = times(3).map((n) => guard.send(smsOf(n)));
    await eventually(() => slow.under.length === 2);

    expect(guard.waiting).toBe(1);
    slow.answerAll({ kind: 'sent', providerId: '1' });
    await eventually(() => slow.under.length === 1);
    slow.answerAll({ kind: 'sent', providerId: '2' });

    expect((await Promise.all(results)).every(({ kind }) => kind === 'sent')).toBe(true);
  });

  test('when more SMS come than may be sent in a second, then those beyond wait for the next', async () => {
    const carrier = new Carrier();
    const guard = guarded(carrier, { ...noLimits, maxPerSecond: 3 });
    const began = performance.now();

    const results = times(4).map((n) => guard.send(smsOf(n)));
    await eventually(() => carrier.delivered.length === 3);
    await Promise.all(results);

    expect(carrier.delivered).toHaveLength(4);
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
  });

  test('when so many wait that an SMS would do so for long, then it is given back, with the time to come again', async () => {
    const guard = guarded(new Carrier(), { ...noLimits, maxPerSecond: 1 });
    const results = times(7).map((n) => guard.send(smsOf(n)));

    expect(await results.at(-1)).toMatchObject({ kind: 'throttled', retryAfterMs: 5_000 });
  });
});

test('when the provider asks for a pause, then it is left in peace for that long', async () => {
  const slow = new Slow();
  const guard = guarded(slow);
  const first = guard.send(smsOf(1));
  await eventually(() => slow.under.length === 1);
  slow.answerAll({ kind: 'throttled', reason: 'too many requests', retryAfterMs: 60_000 });
  await first;

  const second = await guard.send(smsOf(2));

  expect(second).toEqual({ kind: 'throttled', reason: 'slow has asked for a pause', retryAfterMs: expect.any(Number) });
  expect(slow.under).toEqual([]);
});
