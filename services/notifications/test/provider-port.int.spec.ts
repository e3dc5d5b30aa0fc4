import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SendResult, Sms } from '../src/sms/sms-provider.ts';
import { everyone, type Ability, type Bench, type Fate } from './port-benches.ts';

const since = new Date(Date.now() - 1_000);

let sms: Sms;
let tickets = 0;
beforeEach(() => {
  const ticketId = `ticket-${++tickets}`;
  const text = `Su turno es T${tickets}, señor.`;
  sms = { key: `${ticketId}.created`, ticketId, purpose: 'turn', to: '+51987776576', text };
});

const benches = new Map<string, Promise<Bench>>();
afterAll(async () => {
  for (const bench of await Promise.all(benches.values())) await bench.close();
});
function benchOf({ name, open }: Ability): Promise<Bench> {
  const bench = benches.get(name) ?? open();
  benches.set(name, bench);
  return bench;
}

const those = (ability: (one: Ability) => unknown): Ability[] => everyone.filter(ability);
const whoKnow = (...fates: Fate[]) =>
  everyone.flatMap((one) => fates.filter((fate) => one.fates.includes(fate)).map((fate) => ({ ...one, fate })));

/** Sends the message there, where it meets its fate. */
async function sendTo(one: Ability, fate: Fate): Promise<SendResult> {
  const bench = await benchOf(one);
  bench.next(fate);
  return bench.provider.send(sms);
}

describe('a message', () => {
  test.each(everyone)('when $name gets it, then its phone has it once, and it has an id', async (one) => {
    const { provider, delivered } = await benchOf(one);

    expect(await provider.send(sms)).toEqual({ kind: 'sent', providerId: expect.stringMatching(/./) });

    expect(await delivered(sms)).toBe(1);
  });

  test.each(whoKnow('permanent', 'throttled'))('when it is $fate for $name, then it is not sent', async (one) => {
    expect(await sendTo(one, one.fate)).toMatchObject({ kind: one.fate });

    expect(await (await benchOf(one)).delivered(sms)).toBe(0);
  });

  test.each(those(({ saysHowLong }) => saysHowLong))(
    'when it is too much for $name, then the result has the pause that was asked for',
    async (one) => {
      expect(await sendTo(one, 'throttled')).toMatchObject({ retryAfterMs: 7_000 });
    },
  );

  test.each(those(({ isServed }) => isServed))(
    'when nobody serves $name, then the result is away',
    async ({ open }) => {
      const { provider, leave } = await open();
      await leave();

      expect(await provider.send(sms)).toEqual({ kind: 'away', reason: expect.stringMatching(/: ECONNREFUSED$/) });
    },
  );

  test.each(whoKnow('no answer', 'broken off', 'nonsense'))(
    'when $name ends with "$fate", then the result is ambiguous, and nothing is thrown',
    async (one) => {
      expect(await sendTo(one, one.fate)).toMatchObject({ kind: 'ambiguous' });

      expect(await (await benchOf(one)).delivered(sms)).toBe(0);
    },
  );

  test.each(whoKnow('no answer, though taken', 'broken off, though taken'))(
    'when $name ends with "$fate", then the result is ambiguous all the same',
    async (one) => {
      expect(await sendTo(one, one.fate)).toMatchObject({ kind: 'ambiguous' });

      expect(await (await benchOf(one)).delivered(sms)).toBe(1);
    },
  );

  test.each(whoKnow('permanent', 'throttled', 'no answer', 'broken off', 'nonsense'))(
    'when $name ends with "$fate", then the reason has words, and neither the phone nor what is secret',
    async (one) => {
      const { secrets } = await benchOf(one);

      const { reason } = (await sendTo(one, one.fate)) as { reason: string };

      expect(reason).toMatch(/\w/);
      expect([sms.to, ...secrets].filter((secret) => reason.includes(secret))).toEqual([]);
    },
  );
});

const unclear = ['no answer', 'no answer, though taken'] as const;

describe('a message of unknown outcome', () => {
  test.each(whoKnow(...unclear).filter(({ recognisesKeys }) => recognisesKeys))(
    'when it is sent again to $name after "$fate", then its phone has it once',
    async (one) => {
      const { provider, delivered } = await benchOf(one);
      await sendTo(one, one.fate);

      expect(provider.recognisesKeys).toBe(true);
      expect(await provider.send(sms)).toMatchObject({ kind: 'sent' });
      expect(await delivered(sms)).toBe(1);
    },
  );

  test.each(whoKnow(...unclear).filter(({ canBeAsked }) => canBeAsked))(
    'when $name is asked for it after "$fate", then the answer is what happened',
    async (one) => {
      const { provider } = await benchOf(one);
      await sendTo(one, one.fate);

      const kind = one.fate === 'no answer' ? 'never-received' : 'sent';
      expect(await provider.lookUp!(sms, since, [])).toMatchObject({ kind });
    },
  );

  test.each(those(({ canBeAsked, isServed }) => canBeAsked && isServed))(
    'when nobody serves $name, then there is no answer, and nothing is thrown',
    async ({ open }) => {
      const { provider, leave } = await open();
      await leave();

      expect(await provider.lookUp!(sms, since, [])).toMatchObject({ kind: 'away' });
    },
  );

  test.each(those(({ recognisesKeys, canBeAsked }) => !recognisesKeys && !canBeAsked))(
    'when $name has it, then that says that it can do neither',
    async (one) => {
      const { provider } = await benchOf(one);

      expect(provider.recognisesKeys).toBeUndefined();
      expect('lookUp' in provider).toBe(false);
    },
  );
});

test.each(those(({ tellsOnItsOwn }) => tellsOnItsOwn))(
  'when a callback of $name is not signed, then it is forged',
  async (one) => {
    const { provider } = await benchOf(one);
    const url = 'https://turno.example/callbacks/any?key=ticket-1.created';
    const body = Buffer.from('MessageStatus=delivered&MessageSid=SM1');

    expect(provider.readCallback!({ url, headers: {}, body })).toBe('forged');
  },
);
