import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, fetchOnce } from '@turno/testing';
import { System } from './system.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const phone = '+51900000001';

let system: System;

beforeAll(async () => {
  system = await System.start('create-ticket');
});
afterAll(() => system.stop());

describe('a good request', () => {
  test('when it has a phone, then the SMS is in the inbox within 2 s of the 201', async () => {
    const answer = await system.post({ ...place, phone });

    const { id } = (await answer.json()) as { id: string };
    expect(answer.status).toBe(201);
    await eventually(async () => (await system.inbox()).some((sms) => sms.ticket_id === id && sms.to === phone), 2_000);
  });

  test('when it has neither phone nor customer, then there is a ticket without a phone', async () => {
    const answer = await system.post(place);

    expect(answer.status).toBe(201);
    expect(await answer.json()).not.toHaveProperty('phone');
  });

  test.each([
    ['mobile', 'BLOCKED'],
    ['kiosk', 'ENABLED'],
    ['\u0000', 'BLOCKED'],
    ['📱'.repeat(20), 'BLOCKED'],
  ])('when its channel is %j, then the ticket is %s and keeps the channel', async (channel, status) => {
    const answer = await system.post({ ...place, channel });

    const ticket = (await answer.json()) as { id: string };
    expect(ticket).toMatchObject({ channel, status });
    expect(await (await system.get(`/customer/v1/tickets/${ticket.id}`)).json()).toMatchObject({ channel, status });
  });

  test('when it is repeated under its Idempotency-Key, then the same ticket is answered', async () => {
    const headers = { 'idempotency-key': '"repeat-1"' };

    const first = await (await system.post(place, headers)).text();
    const second = await system.post(place, headers);

    expect(second.status).toBe(201);
    expect(await second.text()).toBe(first);
  });

  test('when 200 come at the same time, then the numbers are 1 to 200, each once, and 200 SMS are sent', async () => {
    const queue = { ...place, service_id: '7c1', phone: '+51900000200' };

    const answers = await Promise.all(Array.from({ length: 200 }, () => system.post(queue)));

    const tickets = (await Promise.all(answers.map((answer) => answer.json()))) as { id: string; number: number }[];
    const numbers = tickets.map(({ number }) => number).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    const sms = async () => (await system.inbox()).filter(({ to }) => to === queue.phone);
    await eventually(async () => (await sms()).length >= 200);
    expect(new Set((await sms()).map(({ ticket_id }) => ticket_id))).toEqual(new Set(tickets.map(({ id }) => id)));
    expect(await sms()).toHaveLength(200);
  });
});

describe('a bad request', () => {
  test.each([
    [
      'half of an emoji for a channel',
      '{"branch_id":"27b6","sector_id":"s8","service_id":"7b6","channel":"\\ud83d"}',
      'Invalid channel.',
    ],
    [
      'everything broken, from the last field to the first',
      { customer_id_number: 1, customer_id: 2, phone: 3, service_id: 4 },
      'Invalid branch ID.',
    ],
    ['a phone and a customer that are broken', { ...place, customer_id: '-', phone: '-' }, 'Invalid phone.'],
    [
      'an unknown customer and a broken type',
      { ...place, customer_id: 'no', customer_id_type: '' },
      'Invalid customer ID.',
    ],
    ['an unknown sector and a broken channel', { ...place, sector_id: 'zz', channel: '' }, 'Invalid sector ID.'],
    ['a branch that is closed', { branch_id: '31a2', sector_id: 'p1', service_id: '7b6' }, 'The branch is closed.'],
    ['an unknown branch', { ...place, branch_id: 'zzzz' }, 'Invalid branch ID.'],
    ['a missing branch', { sector_id: 's8', service_id: '7b6' }, 'Invalid branch ID.'],
    ['a number for a text', { ...place, sector_id: 8 }, 'Invalid sector ID.'],
    ['an unknown service', { ...place, service_id: 'zzz' }, 'Invalid service ID.'],
    ['a malformed customer id', { ...place, customer_id: 'a-9087' }, 'Invalid customer ID.'],
    ['an unknown customer', { ...place, customer_id: 'nobody' }, 'Invalid customer ID.'],
    ['a type without its number', { ...place, customer_id_type: 'D' }, 'Invalid customer ID number.'],
    ['a sector without the service', { ...place, service_id: '7d2' }, 'Not allowed service for the branch.'],
    ['a body that is no JSON', '{"branch_id":', 'Invalid request body.'],
    ['a body that is no object', [place], 'Invalid request body.'],
  ])('when it has %s, then it is a 400 that says so', async (_what, body, message) => {
    const answer = await system.post(body);

    const error = (await answer.json()) as { code: string; more_info: string };
    expect(answer.status).toBe(400);
    expect(error).toEqual({ message, code: expect.stringMatching(/^\w{4}$/), more_info: expect.any(String) });
    expect((await fetchOnce(error.more_info)).status).toBe(200);
  });

  test.each([
    ['an unknown path', 'GET', '/customer/v2/tickets', 404],
    ['a method that the path does not take', 'PUT', '/customer/v1/tickets', 405],
  ])('when it is for %s, then its status is its own', async (_what, method, path, status) => {
    expect((await system.send(method, path)).status).toBe(status);
  });

  test.each([
    ['is no JSON by its media type', { 'content-type': 'text/plain' }, '{}', 415],
    ['is larger than 16 KiB', {}, JSON.stringify({ ...place, channel: 'x'.repeat(17_000) }), 413],
  ])('when the body %s, then its status is its own', async (_what, headers, body, status) => {
    expect((await system.post(body, headers)).status).toBe(status);
  });
});

describe('the id of a request', () => {
  test('when the caller gives one, then it is on the answer', async () => {
    const answer = await system.post(place, { 'x-request-id': 'caller-7' });

    expect(answer.headers.get('x-request-id')).toBe('caller-7');
  });

  test('when the caller gives nonsense, then the answer has one of ours', async () => {
    const answer = await system.post(place, { 'x-request-id': 'a b' });

    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-z]{16}$/);
  });
});

test('when ticketing stops, then callers get a 503 within 3 s, and tickets again once it is back', async () => {
  await system.stopTicketing();

  const begun = Date.now();
  const answer = await system.post(place);
  const took = Date.now() - begun;
  const ready = await system.ready('gateway');
  await system.startTicketing();

  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ message: 'An error has ocurred.', code: 'ab93' });
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(took).toBeLessThan(3_000);
  expect(ready.status).toBe(503);
  await eventually(async () => (await system.post(place)).status === 201);
  await eventually(async () => (await system.ready('gateway')).status === 200);
});
