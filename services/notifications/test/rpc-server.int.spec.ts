import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  notificationsEntrances,
  notificationsRpc,
  notificationsRpcQueue,
  RpcClient,
  type NotificationsRpc,
} from '@turno/shared';
import { eventually } from '@turno/testing';
import { DeadLetterOffice } from './dead-letter-office.ts';
import { EventPublisher } from './event-publisher.ts';
import { eventOfTicket } from './ticket-created.ts';

const phone = '+51987776576';
const poison = 'the message is not JSON';

let office: DeadLetterOffice;
let events: EventPublisher;
let rpc: RpcClient<NotificationsRpc>;

beforeAll(async () => {
  office = await DeadLetterOffice.open();
  events = await EventPublisher.open(office.amqpUrl);
  rpc = new RpcClient({
    connection: events.connection,
    contract: notificationsRpc,
    queue: notificationsRpcQueue,
    entrance: notificationsEntrances.gateway,
  });
  await rpc.ready();
});
beforeEach(() => office.empty());
afterAll(async () => {
  await rpc.close();
  await events.close();
  await office.dispose();
});

const options = { timeoutMs: 10_000, requestId: 'request-1', requestKey: 'key-1' };
const figures = () => rpc.call('GetSmsFigures', {}, options);
const list = (limit = 100) => rpc.call('ListDeadLetters', { limit }, options);

test('when SMS were sent, then they are counted by state, and listed with their phones masked', async () => {
  const now = new Date();
  const created = new Date(now.getTime() - 5_000);
  const event = { ...eventOfTicket({ phone }), time: created.toISOString() };
  await events.publish(event);
  await eventually(async () => (await office.texted()).includes(event.subject));

  const told = await eventually(async () => {
    const answer = await figures();
    return answer.counts.SENT === 1 ? answer : undefined;
  });

  expect(told.newest[0]).toMatchObject({
    ticket_id: event.subject,
    to: '+51*******76',
    state: 'SENT',
    provider: 'inbox',
  });
  expect(told.handover).toMatchObject([{ sms: 1 }]);
  expect(told.handover[0]?.p95).toBeGreaterThanOrEqual(5_000);
  expect(told.providers).toEqual([{ name: 'inbox', breaker: 'closed', waiting: 0 }]);
  expect(told.fallback_in_use).toBe(false);
});

test('when letters are listed, then each says why it was given up, without phones, and reasons are counted', async () => {
  await office.giveUp('event-1', `no way to reach ${phone}`);
  await office.giveUp('event-2', poison);
  await office.giveUp('event-3', poison);

  const { waiting, totals, letters } = await list(2);

  expect([waiting, letters.length]).toEqual([3, 2]);
  expect(totals).toContainEqual({ reason: 'no way to reach +51*******76', count: 1 });
  expect(letters.map(({ message_id: id }) => id)).toEqual(['event-1', 'event-2']);
});

test('when letters of a reason are redriven as it is shown, then those go to their queue and the others stay', async () => {
  const event = eventOfTicket();
  await office.giveUp('event-1', `no way to reach ${phone}`, { body: JSON.stringify(event) });
  await office.giveUp('event-2', poison);
  const shown = (await list()).totals.find(({ reason }) => reason !== poison)!;

  const done = await rpc.call('RedriveDeadLetters', { reason: shown.reason }, options);

  expect(done).toEqual({ redriven: 1, looked_at: 2, waiting: 2, complete: true });
  await eventually(async () => (await office.texted()).includes(event.subject));
  expect((await list()).letters.map(({ message_id: id }) => id)).toEqual(['event-2']);
});

test('when nobody waits for the answer any more, then no letter is touched', async () => {
  await office.giveUp('event-1', poison);

  await expect(rpc.call('RedriveDeadLetters', { all: true }, { ...options, timeoutMs: 1 })).rejects.toThrow(
    'no answer',
  );

  expect((await list()).waiting).toBe(1);
});
