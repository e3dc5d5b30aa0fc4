import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AskableCarrier, Carrier, RecognisingCarrier } from './carrier.ts';
import { Notifying } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

let notifications: Notifying;

beforeAll(async () => {
  notifications = await Notifying.open('notify');
});

afterAll(() => notifications.dispose());

/** What is in the inbox for the ticket of an event. */
const smsOf = async ({ subject }: { subject: string }) =>
  (await notifications.inbox.newest(1_000)).filter(({ ticketId }) => ticketId === subject);
const stateOf = async ({ id }: { id: string }) => (await notifications.records.find(id))?.state;

describe('an event', () => {
  test('when it comes once, then the phone has one SMS with the turn, and the record says so', async () => {
    const event = eventOfTicket();

    const outcome = await notifications.through(notifications.inboxProvider())(event);

    expect(outcome).toEqual({ kind: 'done' });
    expect(await smsOf(event)).toEqual([
      {
        key: event.id,
        to: '+51987776576',
        text: expect.stringMatching(/^Su turno es T2 .*promotion for you!$/) as unknown,
        segments: 1,
        encoding: 'GSM-7',
        purpose: 'turn',
        ticketId: event.subject,
        sentAt: notifications.now,
      },
    ]);
    expect(await notifications.records.find(event.id)).toMatchObject({
      state: 'SENT',
      providerId: event.id,
      requestId: 'request-1',
    });
  });

  test('when it comes five times at once, and again, then the phone has one SMS', async () => {
    const event = eventOfTicket();
    const carrier = new Carrier();
    const notify = notifications.through(carrier);

    await Promise.all([1, 2, 3, 4, 5].map(() => notify(event)));

    expect(await notify(event)).toEqual({ kind: 'done' });
    expect(carrier.delivered).toHaveLength(1);
  });

  test('when the ticket has no phone, then there is neither SMS nor record, and no error', async () => {
    const event = eventOfTicket({ phone: undefined });

    const outcome = await notifications.through(notifications.inboxProvider())(event);

    expect(outcome).toEqual({ kind: 'done' });
    expect(await smsOf(event)).toEqual([]);
    expect(await notifications.records.find(event.id)).toBeUndefined();
  });
});

describe('what the provider says', () => {
  test('when it cannot take the SMS twice, then the event is retried and the phone gets it once', async () => {
    const event = eventOfTicket();
    const carrier = new Carrier('transient', 'transient');

    const deliveries = await notifications.untilDone(notifications.through(carrier), event);

    expect(deliveries).toBe(3);
    expect(carrier.delivered).toHaveLength(1);
    expect(await notifications.records.find(event.id)).toMatchObject({ state: 'SENT', providerId: 'carrier-1' });
  });

  test('when it takes nothing at present, then the event is held off, and the phone gets it once it does', async () => {
    const event = eventOfTicket();
    const carrier = new Carrier('away');
    const notify = notifications.through(carrier);

    expect(await notify(event)).toEqual({ kind: 'hold-off', reason: 'the carrier says away' });
    expect(await notify(event)).toEqual({ kind: 'done' });

    expect(carrier.delivered).toHaveLength(1);
  });

  test('when it is too much for it at present, then the event is held off for as long as it asks for', async () => {
    const event = eventOfTicket();
    const throttled = { kind: 'throttled', reason: 'too many requests', retryAfterMs: 7_000 } as const;

    const outcome = await notifications.through({ name: 'carrier', send: async () => throttled })(event);

    expect(outcome).toEqual({ kind: 'hold-off', reason: 'too many requests', atLeastMs: 7_000 });
    expect(await stateOf(event)).toBe('QUEUED');
  });

  test('when it will never take the SMS, then that is the end, with its reason for the operator', async () => {
    const event = eventOfTicket();
    const carrier = new Carrier('permanent');
    const notify = notifications.through(carrier);

    expect(await notify(event)).toEqual({ kind: 'done' });
    expect(await notify(event)).toEqual({ kind: 'done' });

    expect(carrier.delivered).toEqual([]);
    expect(await notifications.records.find(event.id)).toMatchObject({
      state: 'FAILED',
      reason: 'the carrier says permanent',
    });
  });

  test.each(['ambiguous', 'breaks off', 'takes it and breaks off'] as const)(
    'when it ends with "%s" and can be asked nothing, then the outcome is unknown and it is never sent again',
    async (behaviour) => {
      const event = eventOfTicket();
      const carrier = new Carrier(behaviour);
      const notify = notifications.through(carrier);

      expect(await notify(event)).toEqual({ kind: 'done' });
      notifications.pass(3_600);
      expect(await notify(event)).toEqual({ kind: 'done' });

      expect(await stateOf(event)).toBe('UNKNOWN');
      expect(carrier.delivered).toHaveLength(behaviour === 'takes it and breaks off' ? 1 : 0);
    },
  );

  test.each([
    ['ambiguous', 'recognises keys', RecognisingCarrier],
    ['breaks off', 'recognises keys', RecognisingCarrier],
    ['takes it and breaks off', 'recognises keys', RecognisingCarrier],
    ['ambiguous', 'can be asked', AskableCarrier],
    ['breaks off', 'can be asked', AskableCarrier],
    ['takes it and breaks off', 'can be asked', AskableCarrier],
  ] as const)(
    'when it ends with "%s" and %s, then the event comes again until the phone has its one SMS',
    async (behaviour, _ability, AnyCarrier) => {
      const event = eventOfTicket();
      const carrier = new AnyCarrier(behaviour);
      const notify = notifications.through(carrier);

      expect(await notify(event)).toMatchObject({ kind: 'retry' });
      expect(await stateOf(event)).toBe('UNKNOWN');
      await notifications.untilDone(notify, event);

      expect(carrier.delivered).toHaveLength(1);
      expect(await notifications.records.find(event.id)).toMatchObject({ state: 'SENT', providerId: 'carrier-1' });
    },
  );

  test('when it recognises keys, then an unknown outcome is settled by the next delivery', async () => {
    const event = eventOfTicket();
    const notify = notifications.through(new RecognisingCarrier('takes it and breaks off'));
    await notify(event);
    notifications.pass(1);

    expect(await notify(event)).toEqual({ kind: 'done' });
  });

  test('when the event comes five times at once after a transient failure, then the phone gets one SMS', async () => {
    const event = eventOfTicket();
    const carrier = new Carrier('transient');
    const notify = notifications.through(carrier);
    await notify(event);
    notifications.pass(1);

    await Promise.all([1, 2, 3, 4, 5].map(() => notify(event)));

    expect(carrier.delivered).toHaveLength(1);
    expect(await stateOf(event)).toBe('SENT');
  });
});

describe('the inbox', () => {
  test('when messages came one after the other, then the newest is first and the limit holds', async () => {
    const notify = notifications.through(notifications.inboxProvider());
    const events = [1, 2, 3].map(() => eventOfTicket());
    for (const event of events) {
      await notify(event);
      notifications.pass(1);
    }

    const newest = await notifications.inbox.newest(2);

    expect(newest.map(({ key }) => key)).toEqual([events[2]!.id, events[1]!.id]);
  });
});
