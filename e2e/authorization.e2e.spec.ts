import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { routes, type Route } from '@turno/gateway';
import type { Ticket } from '@turno/shared';
import { eventually } from '@turno/testing';
import { matrix, rowOf, type About } from './authorization-matrix.ts';
import { bearing, GuardedSystem, julio, place, rosa, unsignedToken, type Party } from './guarded-system.ts';

const long = new Date('2020-01-01T00:00:00.000Z');
const strangers = [
  'none',
  'garbage',
  'expired key',
  'revoked key',
  'expired token',
  'wrong audience',
  'alg none',
] as const;
const known = { "a channel's key": rosa, "another channel's key": julio };
const knownCustomers = { "a customer's token": rosa, "another customer's token": julio };

let system: GuardedSystem;
let shown: Record<(typeof strangers)[number], Record<string, string>>;
let kept: Ticket;

beforeAll(async () => {
  system = await GuardedSystem.start('authorization');
  const { issuer } = system;
  shown = {
    none: {},
    garbage: bearing('garbage'),
    'expired key': bearing((await system.addKey('mobile', { expiresAt: long })).text),
    'revoked key': bearing((await system.addKey('mobile', { revokedAt: long })).text),
    'expired token': bearing(await issuer.token({ sub: rosa.customer }, { expiresInSeconds: -60 })),
    'wrong audience': bearing(await issuer.token({ sub: rosa.customer }, { audience: 'payments' })),
    'alg none': bearing(unsignedToken(issuer, rosa.customer)),
  };
  kept = await system.ticketOf(rosa);
});
afterAll(() => system.stop());

/** Sends a request of the route about the party's ticket, and says what became of it. */
async function outcome(
  route: Route,
  headers: Record<string, string>,
  { channel, customer }: Party,
  about: About,
  of: Ticket,
) {
  const id = about === 'nobody' ? '27b6' : of.id;
  const query = about === 'a customer' ? `?customer_id=${customer}` : '';
  const own = about === 'a new ticket' ? { ...place, channel, customer_id: customer } : route.bodyExample;
  const path = route.path.replace('{id}', id) + query;
  const answer = await system.api.send(route.method.toUpperCase(), path, route.body ? own : undefined, headers);
  if (about !== 'a customer' || answer.status !== 200) return String(answer.status);
  const tickets = (await answer.json()) as Ticket[];
  return `200 ${tickets.some((ticket) => ticket.id === of.id) ? 'with' : 'without'} it`;
}

const other = (party: Party): Party => (party === rosa ? julio : rosa);
const asItWas = async (ticket: Ticket, owner: Party) =>
  (await (await system.api.get(`/customer/v1/tickets/${ticket.id}`, system.keyOf(owner))).json()) as Ticket;

/** What the caller gets on what is its own, and on what is another's. */
async function ownAndOthers(route: Route, headers: Record<string, string>, caller: Party, about: About) {
  const [own, others] = [await system.ticketOf(caller), await system.ticketOf(other(caller))];
  const got = [
    await outcome(route, headers, caller, about, own),
    await outcome(route, headers, other(caller), about, others),
  ];
  const { updated_at: after } = await asItWas(others, other(caller));
  return { got, isUntouched: after === others.updated_at };
}

describe.each(routes.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
  test('when nobody knows who asks, then it is a 401 with a challenge, and nothing happens', async () => {
    const { about } = rowOf(operationId);
    const got: Record<string, string> = {};
    for (const caller of strangers) got[caller] = await outcome(route, shown[caller], rosa, about, kept);

    expect(got).toEqual(Object.fromEntries(strangers.map((caller) => [caller, '401'])));
    expect((await asItWas(kept, rosa)).updated_at).toBe(kept.updated_at);
  });

  test("when it is a channel with its key, then it gets what the matrix says, on its own and on another's", async () => {
    const { about, channel } = rowOf(operationId);
    for (const [caller, party] of Object.entries(known)) {
      const found = await ownAndOthers(route, system.keyOf(party), party, about);
      expect({ caller, ...found }).toEqual({ caller, got: channel, isUntouched: true });
    }
  });

  test("when it is a customer with a token, then it gets what the matrix says, on its own and on another's", async () => {
    const { about, customer } = rowOf(operationId);
    for (const [caller, party] of Object.entries(knownCustomers)) {
      const found = await ownAndOthers(route, await system.tokenOf(party), party, about);
      expect({ caller, ...found }).toEqual({ caller, got: customer, isUntouched: true });
    }
  });
});

test('when the matrix has a row, then there is such a route', () => {
  expect(Object.keys(matrix).toSorted()).toEqual(routes.map(({ operationId }) => operationId).toSorted());
});

test('when a route has no row, then it is named', () => {
  expect(() => rowOf('eraseEverything')).toThrow('the route eraseEverything has no row in e2e/authorization-matrix.ts');
});

describe('a ticket that is taken', () => {
  test('when a customer names nobody, then it is its own, and so is its list', async () => {
    const token = await system.tokenOf(julio);

    const ticket = (await (await system.api.post(place, token)).json()) as Ticket;
    const listed = (await (await system.api.get('/customer/v1/tickets', token)).json()) as Ticket[];

    expect(ticket.phone).toBe('+51991445566');
    expect(listed[0]?.id).toBe(ticket.id);
  });

  test("when a customer shows its own document, then it is its own; with another's it is a 403, known or not", async () => {
    const token = await system.tokenOf(rosa);
    const nobodys = { customer_id_type: 'D', customer_id_number: '99999999' };

    const answers = [rosa.document, julio.document, nobodys].map((document) =>
      system.api.post({ ...place, ...document }, token),
    );

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([201, 403, 403]);
  });

  test("when another customer's document is asked for in a list, then it is a 404, known or not", async () => {
    const token = await system.tokenOf(rosa);
    const listed = (type: string, number: string) =>
      system.api.get(`/customer/v1/tickets?customer_id_type=${type}&customer_id_number=${number}`, token);

    const answers = await Promise.all([listed('CE', '001234567'), listed('D', '99999999')]);

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  test('when a request with another customer is broken further on, then that customer is not told of', async () => {
    const body = { ...place, customer_id: 'nobody1', customer_id_type: '?', customer_id_number: '1' };

    const answers = [julio.customer, 'nobody1'].map(async (customer_id) =>
      system.api.post({ ...body, customer_id }, await system.tokenOf(rosa)),
    );

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([403, 403]);
  });

  test('when a channel names no channel, then none is told, and it is taken on the spot and its own all the same', async () => {
    const ticket = await system.ticketOf(julio);
    const others = await system.api.get(`/customer/v1/tickets/${ticket.id}`, system.keyOf(rosa));

    expect(ticket).not.toHaveProperty('channel');
    expect(ticket.status).toBe('ENABLED');
    expect((await asItWas(ticket, julio)).id).toBe(ticket.id);
    expect(others.status).toBe(404);
  });

  test('when a customer names the channel of a kiosk, then it has to check in all the same', async () => {
    const taken = await system.api.post({ ...place, channel: 'kiosk' }, await system.tokenOf(rosa));

    expect(await taken.json()).toMatchObject({ channel: 'kiosk', status: 'BLOCKED' });
  });

  test('when two callers use one Idempotency-Key, then each gets a ticket of its own, and a repeat the same', async () => {
    const key = { 'idempotency-key': 'the-same' };
    const callers = [await system.tokenOf(rosa), await system.tokenOf(julio), system.keyOf(rosa), system.keyOf(julio)];
    const take = async (caller: Record<string, string>): Promise<string> =>
      ((await (await system.api.post(place, { ...key, ...caller })).json()) as Ticket).id;

    const first = await Promise.all(callers.map(take));
    const again = await Promise.all(callers.map(take));

    expect(new Set(first).size).toBe(4);
    expect(again).toEqual(first);
  });
});

describe('an answer', () => {
  test('when a caller may not, then the challenge says so in the words of RFC 6750', async () => {
    const refused = await system.api.post({ ...place, channel: 'kiosk' }, system.keyOf(rosa));
    const unknown = await system.api.post({ ...place, channel: 'kiosk' });

    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="turno", error="insufficient_scope"');
    expect(await refused.json()).toMatchObject({ code: 'au03', message: 'Not allowed for the channel.' });
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer realm="turno"');
  });

  test('when authentication fails, then it is counted by its reason, and the metrics have no credential', async () => {
    await system.api.get('/customer/v1/branches', shown['alg none']);

    const metrics = await (await system.api.ops('gateway', '/metrics')).text();

    expect(metrics).toMatch(/turno_authentication_failures_total\{reason="token_algorithm"\} [1-9]/);
    expect(metrics).not.toMatch(/turno_[0-9a-z]{12}_|eyJ/);
  });
});

describe('a key', () => {
  test('when it is revoked, then it is a 401 within seconds, and its channel goes on with another', async () => {
    const { text, id } = await system.addKey('mobile');
    const statusWith = async () => (await system.api.get('/customer/v1/services', bearing(text))).status;
    await eventually(async () => (await statusWith()) === 200, 10_000, 50);

    await system.keys.revoke(id, new Date());

    await eventually(async () => (await statusWith()) === 401, 10_000, 50);
    expect((await system.api.get('/customer/v1/services', system.keyOf(rosa))).status).toBe(200);
  });

  test('when ticketing is away, then keys are still told from what is none', async () => {
    await system.api.stopTicketing();

    const [good, bad] = await Promise.all([
      system.api.get('/customer/v1/services', system.keyOf(rosa)),
      system.api.get('/customer/v1/services', shown['revoked key']),
    ]);

    expect([good.status, bad.status]).toEqual([503, 401]);
    await system.api.startTicketing();
  });
});
