import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Outcome, TicketCreated } from '@turno/shared';
import { eventually } from '@turno/testing';
import type { DeliveryCallback, SendResult } from '../src/sms/sms-provider.ts';
import { Carrier } from './carrier.ts';
import { Notifying } from './notifying.ts';
import { SlowCarrier } from './slow-carrier.ts';
import { eventOfTicket } from './ticket-created.ts';

let notifications: Notifying;

beforeAll(async () => {
  notifications = await Notifying.open('callbacks');
});
afterAll(() => notifications.dispose());

type Step = DeliveryCallback['state'] | 'the answer';
type Known = (event: TicketCreated) => Pick<DeliveryCallback, 'key' | 'providerId'>;

const byKey: Known = ({ id }) => ({ key: id });
const byProviderId: Known = ({ id }) => ({ providerId: `SM-${id}` });
const sent = ({ id }: TicketCreated): SendResult => ({ kind: 'sent', providerId: `SM-${id}` });
const recordOf = ({ id }: TicketCreated) => notifications.records.find(id);

function tell(event: TicketCreated, state: DeliveryCallback['state'], known = byKey): Promise<void> {
  return notifications.receiveCallback({ kind: 'delivery', state, ...known(event) });
}

/** Every order of the steps, those alike counted once. */
function ordersOf(steps: readonly Step[]): Step[][] {
  if (steps.length === 0) return [[]];
  return [...new Set(steps)].flatMap((first) => {
    const rest = steps.toSpliced(steps.indexOf(first), 1);
    return ordersOf(rest).map((order) => [first, ...order]);
  });
}

/** Sends, and has the answer and the callbacks come in this order. */
async function play(order: readonly Step[], answer = sent): Promise<{ event: TicketCreated; outcome: Outcome }> {
  const event = eventOfTicket();
  const carrier = new SlowCarrier();
  const sending = notifications.through(carrier)(event);
  await eventually(() => carrier.taken.length === 1);
  for (const step of order) {
    if (step === 'the answer') {
      carrier.answer(answer(event));
      await sending;
    } else {
      await tell(event, step);
    }
  }
  return { event, outcome: await sending };
}

async function redeliver(event: TicketCreated): Promise<{ outcome: Outcome; delivered: number }> {
  const carrier = new Carrier();
  return { outcome: await notifications.through(carrier)(event), delivered: carrier.delivered.length };
}

describe('the answer of the provider and its callbacks', () => {
  test.each([
    ...ordersOf(['the answer', 'SENT', 'DELIVERED', 'DELIVERED']),
    ...ordersOf(['the answer', 'SENT', 'FAILED', 'FAILED']),
    ...ordersOf(['the answer', 'DELIVERED']),
  ])('when they come as %s, %s, %s, %s, then it ends where it must, and is never sent again', async (...order) => {
    const steps = order.filter(Boolean);

    const { event, outcome } = await play(steps);

    expect(outcome).toEqual({ kind: 'done' });
    expect(await recordOf(event)).toMatchObject({
      state: steps.includes('FAILED') ? 'FAILED' : 'DELIVERED',
      providerId: `SM-${event.id}`,
    });
    expect(await redeliver(event)).toEqual({ outcome: { kind: 'done' }, delivered: 0 });
  });

  test.each([
    [['the answer', 'DELIVERED', 'FAILED', 'SENT'], 'DELIVERED'],
    [['the answer', 'FAILED', 'DELIVERED', 'SENT'], 'FAILED'],
    [['FAILED', 'SENT', 'the answer'], 'FAILED'],
  ] as const)(
    'when they contradict each other as %j, then the first word that is final stands',
    async (order, state) => {
      const { event } = await play(order);

      expect(await recordOf(event)).toMatchObject({ state });
    },
  );

  test.each<SendResult>([
    { kind: 'transient', reason: 'busy' },
    { kind: 'away', reason: 'no route' },
    { kind: 'ambiguous', reason: 'no answer in time' },
    { kind: 'permanent', reason: 'no such number' },
  ])(
    'when the phone has it although the answer says $kind, then it is DELIVERED and not sent again',
    async (answer) => {
      const { event, outcome } = await play(['DELIVERED', 'the answer'], () => answer);

      expect(outcome).toEqual({ kind: 'done' });
      expect(await recordOf(event)).toMatchObject({ state: 'DELIVERED' });
      expect(await redeliver(event)).toEqual({ outcome: { kind: 'done' }, delivered: 0 });
    },
  );

  test('when nobody knew whether it was sent, then a callback settles it', async () => {
    const { event } = await play(['the answer', 'DELIVERED'], () => ({ kind: 'ambiguous', reason: 'no answer' }));

    expect(await recordOf(event)).toMatchObject({ state: 'DELIVERED' });
  });

  test('when a callback names the id that the answer will give, then it waits for the answer', async () => {
    const event = eventOfTicket();
    const carrier = new SlowCarrier();
    const sending = notifications.through(carrier)(event);
    await eventually(() => carrier.taken.length === 1);

    const told = tell(event, 'DELIVERED', byProviderId);
    carrier.answer(sent(event));
    await Promise.all([sending, told]);

    expect(await recordOf(event)).toMatchObject({ state: 'DELIVERED' });
  });

  test('when a START that was said before a STOP arrives behind it, then the STOP stands', async () => {
    const said = (secondsAgo: number) => new Date(notifications.now.getTime() - secondsAgo * 1_000);
    const phone = '+51900000077';

    await notifications.receiveCallback({ kind: 'consent', phone, allowed: false, at: said(10) });
    await notifications.receiveCallback({ kind: 'consent', phone, allowed: true, at: said(20) });

    expect(await notifications.consents.find(phone)).toMatchObject({ allowed: false, since: said(10) });
  });

  test('when another provider calls back, then only what it says of its own counts', async () => {
    const event = eventOfTicket();
    await notifications.through(new Carrier())(event);

    await notifications.receiveCallback({ kind: 'delivery', key: event.id, state: 'FAILED' }, 'another');

    expect(await notifications.records.find(event.id)).toMatchObject({ state: 'SENT' });
  });

  test('when all callbacks come at once, then the final one stands', async () => {
    const { event } = await play(['the answer']);

    await Promise.all((['SENT', 'DELIVERED', 'SENT', 'DELIVERED'] as const).map((state) => tell(event, state)));

    expect(await recordOf(event)).toMatchObject({ state: 'DELIVERED' });
  });
});
