import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AskableCarrier, Carrier, RecognisingCarrier, type Behaviour } from './carrier.ts';
import { Notifying, type Notify } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

class Second extends AskableCarrier {
  override readonly name = 'second';
}

let notifications: Notifying;
let second: Second;

beforeAll(async () => {
  notifications = await Notifying.open('fallback');
});
afterAll(() => notifications.dispose());
beforeEach(() => {
  second = new Second();
});

const always = (behaviour: Behaviour): Behaviour[] => Array.from({ length: 50 }, () => behaviour);
const recordOf = ({ id }: { id: string }) => notifications.records.find(id);

/** Somebody's SMS finds the first provider away, and so it stays for more than a minute. */
async function firstGoesOut(notify: Notify): Promise<void> {
  expect(await notify(eventOfTicket())).toMatchObject({ kind: 'hold-off' });
  notifications.pass(61);
}

describe('while the first provider is away', () => {
  test('when it has been for less than a minute, then the SMS waits for it', async () => {
    const notify = notifications.throughOneOf(new Carrier(...always('away')), second);
    const event = eventOfTicket();
    await notify(event);
    notifications.pass(59);

    expect(await notify(event)).toMatchObject({ kind: 'hold-off' });
    expect(second.delivered).toEqual([]);
  });

  test('when it has been for longer, then the second sends, those that waited and new ones, and records say so', async () => {
    const notify = notifications.throughOneOf(new Carrier(...always('away')), second);
    const waiting = eventOfTicket();
    await notify(waiting);
    notifications.pass(61);

    const events = [waiting, eventOfTicket()];
    for (const event of events) expect(await notify(event)).toEqual({ kind: 'done' });

    expect(second.delivered).toHaveLength(2);
    expect(await recordOf(waiting)).toMatchObject({ state: 'SENT', provider: 'second', providerId: 'carrier-1' });
  });

  test('when it is tried after a while and is back, then it sends again', async () => {
    const first = new Carrier('away');
    const notify = notifications.throughOneOf(first, second);
    await firstGoesOut(notify);
    await notify(eventOfTicket());

    const event = eventOfTicket();
    expect(await notify(event)).toEqual({ kind: 'done' });

    expect(await recordOf(event)).toMatchObject({ state: 'SENT', provider: 'carrier' });
  });

  test('when it is tried after a while and still away, then the SMS goes to the second at once', async () => {
    const notify = notifications.throughOneOf(new Carrier(...always('away')), second);
    await firstGoesOut(notify);

    expect(await notify(eventOfTicket())).toEqual({ kind: 'done' });
    expect(second.delivered).toHaveLength(1);
  });

  test.each<Behaviour>(['permanent', 'transient'])(
    'when it answers "%s" in between, then it is there, and the minute begins anew',
    async (behaviour) => {
      const first = new Carrier('away', behaviour, ...always('away'));
      const notify = notifications.throughOneOf(first, second);
      await notify(eventOfTicket());
      await notify(eventOfTicket());
      notifications.pass(61);

      expect(await notify(eventOfTicket())).toMatchObject({ kind: 'hold-off' });
      expect(second.delivered).toEqual([]);
    },
  );

  test.each<Behaviour>(['ambiguous', 'throttled'])(
    'when it answers "%s" all the time after it was away, then the second sends what the first never had',
    async (behaviour) => {
      const notify = notifications.throughOneOf(new Carrier('away', ...always(behaviour)), second);
      await notify(eventOfTicket());
      await notify(eventOfTicket());
      notifications.pass(61);
      // Tried again, to see whether it is back.
      await notify(eventOfTicket());

      const event = eventOfTicket();
      expect(await notify(event)).toEqual({ kind: 'done' });
      expect(second.delivered.map(({ key }) => key)).toEqual([event.id]);
    },
  );
});

describe('an SMS that the first provider may have', () => {
  test.each([
    ['can be asked nothing', Carrier, 'UNKNOWN'],
    ['can be asked', AskableCarrier, 'SENT'],
    ['recognises keys', RecognisingCarrier, 'SENT'],
  ] as const)('when that %s and goes out, then the second never gets it', async (_ability, AnyCarrier, state) => {
    const first = new AnyCarrier('takes it and breaks off', ...Array.from({ length: 10 }, () => 'away' as const));
    const notify = notifications.throughOneOf(first, second);
    const event = eventOfTicket();
    await notify(event);
    await firstGoesOut(notify);

    await notifications.untilDone(notify, event);

    expect(second.delivered.filter(({ key }) => key === event.id)).toEqual([]);
    expect(first.delivered.filter(({ key }) => key === event.id)).toHaveLength(1);
    expect(await recordOf(event)).toMatchObject({ state, provider: 'carrier' });
  });

  test('when it was interrupted by a crash and the first goes out, then it waits for the first, and ends as a dead letter', async () => {
    const first = new RecognisingCarrier(...always('away'));
    const notify = notifications.throughOneOf(first, second);
    const event = eventOfTicket();
    await notifications.crashHalfWay(event, { name: 'carrier', send: async () => ({ kind: 'ambiguous', reason: '' }) });
    await firstGoesOut(notify);

    expect(await notify(event)).toMatchObject({ kind: 'retry' });

    expect(await recordOf(event)).toMatchObject({ state: 'UNKNOWN', provider: 'carrier' });
    expect(second.delivered).toEqual([]);
  });
});

describe('an SMS that the second provider may have', () => {
  test.each([
    ['has it', true],
    ['never received it', false],
  ])(
    'when a crash interrupts it and the second %s, then it arrives once, whoever is back by then',
    async (_what, called) => {
      const first = new Carrier();
      const event = eventOfTicket();
      await notifications.crashHalfWay(
        event,
        called ? second : { name: 'second', send: async () => ({ kind: 'away', reason: '' }) },
      );

      await notifications.untilDone(notifications.throughOneOf(first, second), event);

      const delivered = [...first.delivered, ...second.delivered].filter(({ key }) => key === event.id);
      expect(delivered).toHaveLength(1);
      expect(await recordOf(event)).toMatchObject({ state: 'SENT', provider: called ? 'second' : 'carrier' });
    },
  );
});

test('when the provider of a record is not set up any more, then nobody else gets its SMS', async () => {
  const event = eventOfTicket();
  const carrier = new RecognisingCarrier();
  await notifications.crashHalfWay(event, { name: 'of yesterday', send: async () => ({ kind: 'away', reason: '' }) });

  await notifications.untilDone(notifications.through(carrier), event);

  expect(carrier.delivered).toEqual([]);
  expect(await recordOf(event)).toMatchObject({ state: 'UNKNOWN', provider: 'of yesterday' });
});
