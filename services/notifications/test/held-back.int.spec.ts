import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Metrics } from '@turno/shared';
import { countedSmsRecords } from '../src/data-access/counted-sms-records.ts';
import { SmsDestinations } from '../src/domain/sms-destinations.ts';
import { Carrier } from './carrier.ts';
import { Notifying, type Notify } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

let notifications: Notifying;
let carrier: Carrier;

beforeAll(async () => {
  notifications = await Notifying.open('held-back');
});
afterAll(() => notifications.dispose());
beforeEach(() => {
  carrier = new Carrier();
});

/** As one who may text Peru alone, and so many numbers of each range. */
function careful(maxPerPrefix = 1): Notify {
  const clock = () => notifications.now;
  const destinations = new SmsDestinations({ countries: new Set(['PE'] as const), maxPerPrefix, clock });
  return notifications.throughWithin(destinations, carrier);
}

const phones = () => carrier.delivered.map(({ to }) => to);

test('when a ticket is for a country that may not be texted, then its SMS stays where an operator sees it, and why', async () => {
  const event = eventOfTicket({ phone: '+37120000123' });

  expect(await careful()(event)).toEqual({ kind: 'done' });

  expect(carrier.delivered).toEqual([]);
  expect(await notifications.records.find(event.id)).toMatchObject({
    state: 'FAILED',
    reason: 'DESTINATION_NOT_ALLOWED',
    to: '+37120000123',
  });
});

test('when the event of an SMS comes again, then it is neither counted twice nor held back', async () => {
  const notify = careful(2);
  const [first, second] = [eventOfTicket(), eventOfTicket({ phone: '+51987770002' })];

  await notify(first);
  await notify(first);
  await notify(second);

  expect(phones()).toEqual(['+51987776576', '+51987770002']);
});

test('when a range has had what it may, then the next is held back, and an operator sends it past the limits alone', async () => {
  const notify = careful();
  const held = eventOfTicket({ phone: '+51987776577' });
  await notify(eventOfTicket());
  await notify(held);
  expect(phones()).toEqual(['+51987776576']);
  expect(await notifications.records.find(held.id)).toMatchObject({ state: 'FAILED', reason: 'PREFIX_CAP' });

  expect(await notifications.resend(held.id)).toEqual({ kind: 'held-back' });
  expect(await notifications.resend(held.id, { pastLimits: true })).toEqual({ kind: 'due' });
  await notifications.sweeper(carrier)(100);

  expect(phones()).toEqual(['+51987776576', '+51987776577']);
  expect(await notifications.records.find(held.id)).toMatchObject({ state: 'SENT', attempt: 2 });
});

test('when an SMS is held back, then it is counted by its reason, and not as one that failed', async () => {
  const metrics = new Metrics('notifications');
  const clock = () => notifications.now;
  const records = countedSmsRecords(notifications.records, metrics, clock);
  const destinations = new SmsDestinations({ countries: new Set(['PE'] as const), maxPerPrefix: 0, clock });
  const notify = notifications.throughWithin(destinations, carrier, records);

  await notify(eventOfTicket({ phone: '+37120000124' }));

  const told = await metrics.registry.metrics();
  expect(told).toContain('turno_sms_held_back_total{reason="DESTINATION_NOT_ALLOWED"} 1');
  expect(told).toContain('turno_sms_held_back_total{reason="PREFIX_CAP"} 0');
  expect(told).not.toContain('state="failed"');
});
