import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Sms } from '../src/sms/sms-provider.ts';
import { benches, type Bench, type Fate } from './port-benches.ts';

let sms: Sms;
let tickets = 0;

beforeEach(() => {
  const ticketId = `ticket-${++tickets}`;
  sms = {
    key: `${ticketId}.created`,
    ticketId,
    purpose: 'turn',
    to: '+51987776576',
    text: `Su turno es T${tickets}, señor.`,
  };
});
const since = new Date(Date.now() - 1_000);

describe.each(benches)('%s', (_name, open) => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());

  /** Sends the message, which meets its fate; a fate that does not exist here is none. */
  async function send(fate?: Fate) {
    if (fate !== undefined && !bench.fates.includes(fate)) return undefined;
    if (fate !== undefined) bench.next(fate);
    const result = await bench.provider.send(sms);
    if (result.kind !== 'sent') {
      expect(result.reason).not.toBe('');
      for (const secret of [...bench.secrets, sms.to]) expect(result.reason).not.toContain(secret);
    }
    return result;
  }

  test('when a message is sent, then its phone has it once, and it has an id', async () => {
    expect(await send()).toEqual({ kind: 'sent', providerId: expect.stringMatching(/./) });

    expect(await bench.delivered(sms)).toBe(1);
  });

  test('when it is refused for good, then the result is permanent', async () => {
    const result = await send('permanent');

    if (result) expect(result.kind).toBe('permanent');
    expect(await bench.delivered(sms)).toBe(0);
  });

  test('when it is too much at present, then the result is throttled, with the pause that was asked for', async () => {
    const result = await send('throttled');

    if (result) expect(result).toMatchObject({ kind: 'throttled' });
    if (result && 'retryAfterMs' in result) expect(result.retryAfterMs).toBe(7_000);
    expect(await bench.delivered(sms)).toBe(0);
  });

  test('when nobody listens there, then the result is away, and asking gets no answer', async () => {
    if (!bench.leave) return;
    const { provider, leave } = await open();
    await leave!();

    expect(await provider.send(sms)).toMatchObject({ kind: 'away', reason: expect.stringMatching(/ECONNREFUSED/) });
    if (provider.lookUp) expect(await provider.lookUp(sms, since)).toMatchObject({ kind: 'away' });
  });

  test.each<Fate>(['no answer', 'no answer, though taken', 'broken off', 'broken off, though taken', 'nonsense'])(
    'when it meets "%s", then the result is ambiguous, and nothing is thrown',
    async (fate) => {
      const result = await send(fate);

      if (result) expect(result.kind).toBe('ambiguous');
      expect(await bench.delivered(sms)).toBe(result && fate.endsWith('taken') ? 1 : 0);
    },
  );

  test.each<Fate>(['no answer', 'no answer, though taken'])(
    'when it is sent again after "%s" where keys are recognised, then its phone has it once',
    async (fate) => {
      await send(fate);

      if (bench.provider.recognisesKeys) {
        expect((await send())?.kind).toBe('sent');
        expect(await bench.delivered(sms)).toBe(1);
      }
    },
  );

  test.each<[Fate, string]>([
    ['no answer', 'never-received'],
    ['no answer, though taken', 'sent'],
  ])('when it is asked for after "%s", then the answer is %s', async (fate, kind) => {
    await send(fate);

    if (bench.provider.lookUp) expect(await bench.provider.lookUp(sms, since)).toMatchObject({ kind });
  });

  test('when a callback is not signed, then it is forged', () => {
    const url = 'https://turno.example/callbacks/any?key=ticket-1.created';
    const request = { url, headers: {}, body: Buffer.from('MessageStatus=delivered&MessageSid=SM1') };

    if (bench.provider.readCallback) expect(bench.provider.readCallback(request)).toBe('forged');
  });
});
