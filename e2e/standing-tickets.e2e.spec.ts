import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ticket } from '@turno/shared';
import { System } from './system.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const caja = { ...place, service_id: '7c1' };
const customer = 'a9087s902m';
const path = ({ id }: { id: string }): string => `/customer/v1/tickets/${id}`;

let now: Date;
let system: System;

beforeAll(async () => {
  now = new Date('2017-02-20T10:00:00.000Z');
  system = await System.start('standing-tickets', {
    clock: () => now,
    catalogue: (demo) => ({
      ...demo,
      branches: demo.branches.map((branch) => ({ ...branch, one_ticket_per_service: branch.id === '27b6' })),
    }),
  });
});
afterAll(() => system.stop());

async function take(body: object, headers: Record<string, string> = {}): Promise<Ticket> {
  const answer = await system.post(body, headers);
  expect(answer.status).toBe(201);
  return (await answer.json()) as Ticket;
}

const read = async (ticket: { id: string }): Promise<Ticket> =>
  (await (await system.get(path(ticket))).json()) as Ticket;

describe('a ticket that is read', () => {
  test('when nothing has happened since, then it is the ticket that was answered, in the same order of fields', async () => {
    const ticket = await take({ ...place, channel: 'mobile', phone: '+51900000001' });

    const answer = await system.get(path(ticket));

    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(JSON.stringify(ticket));
  });

  test('when one ahead of it is cancelled, then its wait is shorter by that one', async () => {
    const [first, second, third] = [await take(caja), await take(caja), await take(caja)];
    const before = await read(third);

    await system.send('DELETE', path(second));
    const after = await read(third);

    // 4 minutes a ticket at 2 counters, 2.5 minutes of deviation: 4 minutes of waiting, then 2.
    expect([before.low_estimated_time, before.high_estimated_time]).toEqual(['2', '7']);
    expect([after.low_estimated_time, after.high_estimated_time]).toEqual(['0', '5']);
    expect(await read(first)).toMatchObject({ low_estimated_time: '0', high_estimated_time: '3' });
    expect(await take(caja)).toMatchObject({ number: 4, low_estimated_time: '2', high_estimated_time: '7' });
  });

  test('when fields are asked for, then it has those alone, in its own order', async () => {
    const ticket = await take(place);

    const answer = await system.get(`${path(ticket)}?fields=number,id`);

    expect(await answer.text()).toBe(JSON.stringify({ id: ticket.id, number: ticket.number }));
  });

  test.each(['colour', 'id,colour', '', 'branch.id', '__proto__'])(
    'when the field "%s" is asked for, then the answer is that it is not found',
    async (fields) => {
      const answer = await system.get(`${path(await take(place))}?fields=${fields}`);

      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ message: 'Requested field not found.' });
    },
  );

  test.each(['0123456789abcdef', 'x', 'A'.repeat(12), '%00', 'a%2Fb', '$ne'])(
    'when there is no ticket "%s", then it is a 404 for every method',
    async (id) => {
      for (const [method, body] of [['GET'], ['PATCH', { status: 'ENABLED' }], ['DELETE']] as const) {
        const answer = await system.send(method, `/customer/v1/tickets/${id}`, body);
        expect(answer.status).toBe(404);
        expect(await answer.json()).toMatchObject({ message: 'Ticket not found.' });
      }
    },
  );
});

describe('a ticket that is changed', () => {
  test('when the customer checks in with a new phone, then reads show both, and when it was changed', async () => {
    const ticket = await take(place);
    now = new Date(now.getTime() + 60_000);

    const answer = await system.send('PATCH', path(ticket), { status: 'ENABLED', phone: '+51911111111' });

    expect(answer.status).toBe(204);
    const changed = await read(ticket);
    expect(changed).toMatchObject({ status: 'ENABLED', phone: '+51911111111', created_at: ticket.created_at });
    expect(changed.updated_at).toBe(now.toISOString());
    expect(Object.keys(changed).indexOf('phone')).toBe(7 - ('channel' in changed ? 0 : 1));
  });

  test.each([
    ['an unknown status', { status: 'DONE' }, 'Invalid status.'],
    ['a status in small letters', { status: 'enabled' }, 'Invalid status.'],
    ['a malformed phone', { phone: '987' }, 'Invalid phone.'],
    ['a phone of null', { phone: null }, 'Invalid phone.'],
    ['nothing to change', {}, 'Invalid request body.'],
    ['something else to change', { number: 1 }, 'Invalid request body.'],
    ['no JSON', '{', 'Invalid request body.'],
  ])('when the change has %s, then it is a 400 that says so, and nothing changes', async (_what, body, message) => {
    const ticket = await take(place);

    const answer = await system.send('PATCH', path(ticket), body);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message });
    expect(await read(ticket)).toEqual(ticket);
  });
});

describe('a ticket that is cancelled', () => {
  test('when it is cancelled, then it is not to be found from then on, and its number is not given again', async () => {
    const ticket = await take(place);

    const answer = await system.send('DELETE', path(ticket));

    expect(answer.status).toBe(204);
    expect((await system.get(path(ticket))).status).toBe(404);
    expect((await system.send('DELETE', path(ticket))).status).toBe(404);
    expect((await system.send('PATCH', path(ticket), { status: 'ENABLED' })).status).toBe(404);
    expect((await take(place)).number).toBe(ticket.number + 1);
  });

  test('when its customer may hold one ticket per service, then another one can be taken after it', async () => {
    const body = { ...caja, customer_id: customer };
    const ticket = await take(body);

    const second = await system.post(body);
    const otherService = await system.post({ ...place, customer_id: customer });
    await system.send('DELETE', path(ticket));
    const third = await system.post(body);

    expect(second.status).toBe(400);
    expect(await second.json()).toMatchObject({
      message: 'The customer already holds a ticket for the service.',
      code: 'rl05',
    });
    expect([otherService.status, third.status]).toEqual([201, 201]);
  });

  test('when its request is repeated under its key, then the answer is the first one, word for word', async () => {
    const headers = { 'idempotency-key': 'cancelled-later' };
    const ticket = await take(place, headers);
    await system.send('DELETE', path(ticket));

    const repeated = await system.post(place, headers);

    expect(await repeated.text()).toBe(JSON.stringify(ticket));
  });
});

describe('the tickets of a customer', () => {
  const tickets = '/customer/v1/tickets';

  test('when there are more than fit, then they come newest first, by pages', async () => {
    const mine = { customer_id_type: 'D', customer_id_number: '10203040' };
    const before = Number((await system.get(`${tickets}?customer_id=${customer}`)).headers.get('x-pagination-count'));
    now = new Date('2017-02-21T15:00:00.000Z');
    const older = await take({ ...place, ...mine });
    now = new Date('2017-02-21T15:01:00.000Z');
    const newer = await take({ ...caja, customer_id: customer });

    const first = await system.get(`${tickets}?customer_id=${customer}&limit=1`);
    const second = await system.get(
      `${tickets}?customer_id_type=D&customer_id_number=10203040&limit=1&offset=1&fields=id,number`,
    );

    expect(await first.json()).toEqual([newer]);
    expect(await second.json()).toEqual([{ id: older.id, number: older.number }]);
    expect([...first.headers].filter(([name]) => name.startsWith('x-pagination'))).toEqual([
      ['x-pagination-count', String(before + 2)],
      ['x-pagination-limit', '1'],
      ['x-pagination-page', '1'],
    ]);
    expect(second.headers.get('x-pagination-page')).toBe('2');
  });

  test('when a ticket is of a day that is over, then nobody is ahead of it any more', async () => {
    now = new Date('2017-02-22T15:00:00.000Z');
    await take({ ...place, service_id: '7c1' });
    const ticket = await take({ ...place, service_id: '7c1' });
    now = new Date('2017-02-23T15:00:00.000Z');

    expect(await read(ticket)).toMatchObject({
      low_estimated_time: '0',
      branch: { opening_time: '2017-02-23T14:00:00.000Z', congestion_level: 'LOW' },
    });
  });

  test.each([
    ['nobody is named', '', 'Invalid customer ID.'],
    ['the id is malformed', '?customer_id=a-b', 'Invalid customer ID.'],
    ['the id comes twice', '?customer_id=a&customer_id=b', 'Invalid customer ID.'],
    ['the id is an operator', '?customer_id[$ne]=1', 'Invalid customer ID.'],
    ['the customer is not known', '?customer_id=nobody', 'Invalid customer ID.'],
    ['the number is missing', '?customer_id_type=D', 'Invalid customer ID number.'],
    ['the type is missing', '?customer_id_number=1', 'Invalid customer ID type.'],
    ['the number is not known', '?customer_id_type=D&customer_id_number=1', 'Invalid customer ID number.'],
    ['the offset is too large', `?customer_id=${customer}&offset=100000`, 'Invalid offset.'],
    ['the offset is negative', `?customer_id=${customer}&offset=-1`, 'Invalid offset.'],
    ['the limit is 0', `?customer_id=${customer}&limit=0`, 'Invalid limit.'],
    ['the limit is 51', `?customer_id=${customer}&limit=51`, 'Invalid limit.'],
    ['the limit is no number', `?customer_id=${customer}&limit=1e1`, 'Invalid limit.'],
    ['a field is not there', `?customer_id=${customer}&fields=colour`, 'Requested field not found.'],
  ])('when %s, then it is a 400 that says so', async (_when, query, message) => {
    const answer = await system.get(tickets + query);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message });
  });
});

test('when a key is used again after 24 hours, then it stands for a new request, even with another body', async () => {
  const headers = { 'idempotency-key': 'used-again' };
  now = new Date('2017-03-01T15:00:00.000Z');
  const first = await take(place, headers);
  now = new Date('2017-03-02T14:59:59.999Z');
  const repeated = await take(place, headers);
  const otherBody = await system.post(caja, headers);
  now = new Date('2017-03-02T15:00:00.000Z');

  const anew = await take(caja, headers);
  const repeatedAnew = await take(caja, headers);

  expect(repeated).toEqual(first);
  expect(otherBody.status).toBe(422);
  expect(anew.id).not.toBe(first.id);
  expect(repeatedAnew).toEqual(anew);
  expect(await read(first)).toMatchObject({ id: first.id });
});
