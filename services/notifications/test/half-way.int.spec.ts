import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import type { SendResult } from '../src/sms/sms-provider.ts';
import { AskableCarrier, Carrier, RecognisingCarrier } from './carrier.ts';
import { Notifying } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

let notifications: Notifying;

beforeAll(async () => {
  notifications = await Notifying.open('half-way');
});

afterAll(() => notifications.dispose());

const stateOf = async ({ id }: { id: string }) => (await notifications.records.find(id))?.state;

describe('an event whose first handling died half-way', () => {
  test('when it comes again within 30 s, then it waits: the other may still be at it', async () => {
    const event = eventOfTicket();
    const carrier = new AskableCarrier();
    await notifications.crashHalfWay(event);
    notifications.pass(29);

    expect(await notifications.through(carrier)(event)).toMatchObject({ kind: 'retry' });
    expect(carrier.delivered).toEqual([]);
  });

  test('when the provider says that it has the SMS, then it is settled without a second one', async () => {
    const event = eventOfTicket();
    const carrier = new AskableCarrier();
    await notifications.crashHalfWay(event, carrier);

    await notifications.untilDone(notifications.through(carrier), event);

    expect(carrier.delivered).toHaveLength(1);
    expect(await notifications.records.find(event.id)).toMatchObject({ state: 'SENT', providerId: 'carrier-1' });
  });

  test('when the provider never received it, then it is sent, once', async () => {
    const event = eventOfTicket();
    const carrier = new AskableCarrier();
    await notifications.crashHalfWay(event);
    notifications.pass(31);

    await Promise.all([1, 2, 3, 4, 5].map(() => notifications.through(carrier)(event)));

    expect(carrier.delivered).toHaveLength(1);
    expect(await stateOf(event)).toBe('SENT');
  });

  test('when the provider cannot be asked, then the outcome is unknown and nothing is sent', async () => {
    const event = eventOfTicket();
    const carrier = new Carrier();
    await notifications.crashHalfWay(event);

    await notifications.untilDone(notifications.through(carrier), event);

    expect(carrier.delivered).toEqual([]);
    expect(await stateOf(event)).toBe('UNKNOWN');
  });

  test('when the inbox has the message already, then it keeps one', async () => {
    const event = eventOfTicket();
    const provider = notifications.inboxProvider();
    await notifications.crashHalfWay(event, provider);

    await notifications.untilDone(notifications.through(provider), event);

    const sent = (await notifications.inbox.newest(1_000)).filter(({ key }) => key === event.id);
    expect(sent).toHaveLength(1);
    expect(await stateOf(event)).toBe('SENT');
  });
});

describe('an event whose first handling died half-way, with a provider that recognises keys', () => {
  test.each([
    ['never received it', false],
    ['has it', true],
  ])(
    'when the provider %s, then it is sent at once under its key, and the phone has one SMS',
    async (_what, called) => {
      const event = eventOfTicket();
      const carrier = new RecognisingCarrier();
      await notifications.crashHalfWay(event, called ? carrier : undefined);
      notifications.pass(1);

      expect(await notifications.through(carrier)(event)).toEqual({ kind: 'done' });

      expect(carrier.delivered).toHaveLength(1);
      expect(await notifications.records.find(event.id)).toMatchObject({ state: 'SENT', providerId: 'carrier-1' });
    },
  );

  test('when an earlier version left it, who knew of no attempts, then it is sent under its key', async () => {
    const event = eventOfTicket();
    const carrier = new RecognisingCarrier();
    await notifications.crashHalfWayAsBefore(event);
    notifications.pass(1);

    await notifications.untilDone(notifications.through(carrier), event);

    expect(carrier.delivered.map(({ key }) => key)).toEqual([event.id]);
  });

  test('when it comes five times at once, then all of them end well and the phone has one SMS', async () => {
    const event = eventOfTicket();
    const carrier = new RecognisingCarrier();
    const notify = notifications.through(carrier);
    await notifications.crashHalfWay(event);
    notifications.pass(1);

    await Promise.all([1, 2, 3, 4, 5].map(() => notifications.untilDone(notify, event)));

    expect(carrier.delivered).toHaveLength(1);
    expect(await stateOf(event)).toBe('SENT');
  });

  test.each<SendResult>([
    { kind: 'sent', providerId: 'the same' },
    { kind: 'transient', reason: 'in flight already' },
    { kind: 'ambiguous', reason: 'no answer' },
    { kind: 'permanent', reason: 'no more' },
  ])('when the first was only slow and ends as $kind, then what the second has sent stays SENT', async (result) => {
    const event = eventOfTicket();
    const { promise, resolve } = Promise.withResolvers<SendResult>();
    const first = notifications.through({ name: 'carrier', recognisesKeys: true, send: () => promise })(event);
    await eventually(() => stateOf(event));
    notifications.pass(1);

    expect(await notifications.through(new RecognisingCarrier())(event)).toEqual({ kind: 'done' });
    resolve(result);

    expect(await first).toEqual({ kind: 'done' });
    expect(await notifications.records.find(event.id)).toMatchObject({ state: 'SENT', providerId: 'carrier-1' });
  });

  test('when the database is lost before the result is written, then the next delivery settles it', async () => {
    const event = eventOfTicket();
    const carrier = new RecognisingCarrier();
    const losing = await notifications.throughUntilTheDatabaseIsLost(carrier);

    await expect(losing(event)).rejects.toThrow('Client must be connected');
    expect(await stateOf(event)).toBe('SENDING');
    notifications.pass(1);

    expect(await notifications.through(carrier)(event)).toEqual({ kind: 'done' });
    expect(carrier.delivered).toHaveLength(1);
    expect(await stateOf(event)).toBe('SENT');
  });
});
