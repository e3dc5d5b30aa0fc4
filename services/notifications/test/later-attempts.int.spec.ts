import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TicketCreated } from '@turno/shared';
import type { DeliveryCallback } from '../src/sms/sms-provider.ts';
import { AskableCarrier, Carrier, RecognisingCarrier } from './carrier.ts';
import { Notifying } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

const halfAnHour = 1_800;

let notifications: Notifying;
let carrier: Carrier;

beforeAll(async () => {
  notifications = await Notifying.open('later-attempts');
});
beforeEach(() => {
  carrier = new Carrier();
});
afterAll(() => notifications.dispose());

const recordOf = ({ id }: TicketCreated) => notifications.records.find(id);
const keys = (provider = carrier) => provider.delivered.map(({ key }) => key);
const sweep = (provider = carrier) => notifications.sweeper(provider)(100);

async function sentEvent(): Promise<TicketCreated> {
  const event = eventOfTicket();
  await notifications.through(carrier)(event);
  return event;
}

const tell = (key: string, state: DeliveryCallback['state'], more: Partial<DeliveryCallback> = {}) =>
  notifications.receiveCallback({ kind: 'delivery', key, state, ...more });
const failForNow = (key: string) =>
  tell(key, 'FAILED', { reason: '30003: unreachable', tryAgainAfterMs: halfAnHour * 1_000 });

/** An SMS whose first attempt has failed and whose second is due. */
async function dueEvent(): Promise<TicketCreated> {
  const event = await sentEvent();
  await failForNow(event.id);
  notifications.pass(halfAnHour);
  return event;
}

describe('an SMS whose failure may pass', () => {
  test('when its time has come, then it is sent anew under another key, and not before', async () => {
    const event = await sentEvent();
    await failForNow(event.id);
    notifications.pass(halfAnHour - 1);
    await sweep();
    expect(keys()).toEqual([event.id]);

    notifications.pass(1);
    await sweep();

    expect(keys()).toEqual([event.id, `${event.id}.2`]);
    const record = (await recordOf(event))!;
    expect(record).toMatchObject({ state: 'SENT', attempt: 2, providerId: 'carrier-2' });
    expect(record.earlierAttempts).toMatchObject([
      { attempt: 1, state: 'FAILED', providerId: 'carrier-1', reason: '30003: unreachable' },
    ]);
    expect(record).not.toHaveProperty('dueAt');
  });

  test('when it fails again and again, then it has three attempts and is FAILED', async () => {
    const event = await dueEvent();
    await sweep();
    await failForNow(`${event.id}.2`);
    notifications.pass(halfAnHour);
    await sweep();

    await failForNow(`${event.id}.3`);

    notifications.pass(halfAnHour);
    await sweep();
    expect(keys()).toEqual([event.id, `${event.id}.2`, `${event.id}.3`]);
    expect(await recordOf(event)).toMatchObject({ state: 'FAILED', attempt: 3, reason: '30003: unreachable' });
  });

  test('when a callback of the first attempt comes again, then the second is left alone', async () => {
    const event = await dueEvent();
    await failForNow(event.id);
    await sweep();
    await failForNow(event.id);
    await tell(event.id, 'SENT');

    expect(await recordOf(event)).toMatchObject({ state: 'SENT', attempt: 2 });
  });

  test('when the first attempt arrives after all, then there is no second', async () => {
    const event = await dueEvent();

    await tell(event.id, 'DELIVERED');

    await sweep();
    expect(keys()).toEqual([event.id]);
    expect(await recordOf(event)).toMatchObject({ state: 'DELIVERED' });
  });

  test('when a second attempt is delivered, then the record is', async () => {
    const event = await dueEvent();
    await sweep();

    await tell(`${event.id}.2`, 'DELIVERED');

    expect(await recordOf(event)).toMatchObject({ state: 'DELIVERED', attempt: 2 });
  });
});

describe('the sweep', () => {
  test('when several instances sweep while the events come again, then each SMS is sent once more', async () => {
    const events = await Promise.all(Array.from({ length: 20 }, () => sentEvent()));
    await Promise.all(events.map(({ id }) => failForNow(id)));
    notifications.pass(halfAnHour);
    carrier = new Carrier();

    await Promise.all([
      ...[1, 2, 3].map(() => sweep()),
      ...events.map((event) => notifications.through(carrier)(event)),
    ]);
    await sweep();

    expect(keys().toSorted()).toEqual(events.map(({ id }) => `${id}.2`).toSorted());
  });

  test('when the provider is away, then the SMS is due again a little later', async () => {
    const event = await dueEvent();
    carrier = new Carrier('away', 'transient');
    await sweep();
    expect(await recordOf(event)).toMatchObject({ state: 'QUEUED', attempt: 2, reason: 'the carrier says away' });

    notifications.pass(600);
    await sweep();
    notifications.pass(600);
    await sweep();

    expect(keys()).toEqual([`${event.id}.2`]);
  });

  test('when the event of an SMS that is due comes again, then it is done with and leaves it to the sweep', async () => {
    const event = await dueEvent();
    carrier = new Carrier();

    expect(await notifications.through(carrier)(event)).toEqual({ kind: 'done' });

    expect(keys()).toEqual([]);
    await sweep();
    expect(keys()).toEqual([`${event.id}.2`]);
  });
});

/** A worker dies when it has the lease, or as far as told. */
async function dieWith(event: TicketCreated, isSending: boolean): Promise<void> {
  const record = (await recordOf(event))!;
  const until = new Date(notifications.now.getTime() + 60_000);
  expect(await notifications.records.lease(record, until)).toBe(true);
  if (isSending) await notifications.records.advance(record, { state: 'SENDING', since: notifications.now });
}

describe('a worker that dies with a due SMS', () => {
  test('when it had not begun, then the next sweep after the lease sends it', async () => {
    const event = await dueEvent();
    carrier = new Carrier();
    await dieWith(event, false);
    await sweep();
    expect(keys()).toEqual([]);

    notifications.pass(60);
    await sweep();

    expect(keys()).toEqual([`${event.id}.2`]);
  });

  test.each([
    ['recognises keys', () => new RecognisingCarrier(), 1, 'SENT'],
    ['can be asked', () => new AskableCarrier(), 1, 'SENT'],
    ['can do neither', () => new Carrier(), 0, 'UNKNOWN'],
  ])('when it was at it and the provider %s, then it is settled, never blindly', async (_what, make, sent, state) => {
    const event = await dueEvent();
    await dieWith(event, true);
    carrier = make();
    notifications.pass(60);

    await sweep();
    notifications.pass(600);
    await sweep();

    expect(keys()).toHaveLength(sent);
    expect(await recordOf(event)).toMatchObject({ state });
  });
});
