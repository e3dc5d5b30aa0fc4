import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, fetchOnce } from '@turno/testing';
import { DeadLetterOffice } from './dead-letter-office.ts';
import { eventOfTicket } from './ticket-created.ts';

const phone = '+51987776576';
const poison = 'the message is not JSON';

let office: DeadLetterOffice;

beforeAll(async () => {
  office = await DeadLetterOffice.open();
});
beforeEach(() => office.empty());
afterAll(() => office.dispose());

const post = (what: 'redrive' | 'discard', selection: unknown) => office.post(what, JSON.stringify(selection));
const list = async (query = '') => (await office.get(`/dead-letters${query}`)).json() as Promise<Listed>;

interface Listed {
  readonly waiting: number;
  readonly totals: readonly { readonly reason: string; readonly count: number }[];
  readonly letters: readonly Record<string, unknown>[];
}

describe('reading', () => {
  test('when there are letters, then each says why, since when and how often it was redriven, and reasons are counted', async () => {
    await office.giveUp('event-1', poison);
    await office.giveUp('event-2', poison, { redriven: 2 });
    await office.giveUp('event-3', `no way to reach ${phone}`);

    const { waiting, totals, letters } = await list();

    expect(waiting).toBe(3);
    expect(totals).toEqual([
      { reason: poison, count: 2 },
      { reason: 'no way to reach +51*******76', count: 1 },
    ]);
    expect(letters.map(({ message_id: id, redriven }) => [id, redriven])).toEqual([
      ['event-1', 0],
      ['event-2', 2],
      ['event-3', 0],
    ]);
    expect(letters[0]).toMatchObject({ position: 1, reason: poison, since: '2026-11-24T17:00:00.000Z' });
  });

  test('when fewer are asked for than there are, then it is those at the head, and all are counted', async () => {
    for (const id of ['event-1', 'event-2', 'event-3']) await office.giveUp(id, poison);

    const { waiting, letters } = await list('?limit=2');

    expect([waiting, letters.length]).toEqual([3, 2]);
  });

  test.each([
    ['is an event', JSON.stringify({ data: { phone, customer_id_number: '10203040' } })],
    ['is JSON that was cut off', `{"data": {"phone": "${phone}", "customer_id_number": "10203040", "mess`],
  ])('when the body %s, then it is shown, without phone and document number', async (_what, body) => {
    await office.giveUp('event-1', `no way to reach ${phone}`, { body });

    const answer = await office.get('/dead-letters/event-1');
    const text = await answer.text();

    expect(answer.status).toBe(200);
    expect(text).toContain('customer_id_number');
    expect(text).toContain('+51*******76');
    expect(text).not.toMatch(/87776|0203/);
  });

  test('when there is no letter of that id, then it is 404 and says so', async () => {
    const answer = await office.get('/dead-letters/event-9');

    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is no dead letter event-9');
  });
});

describe('redriving', () => {
  test('when the event is named and again, then its SMS goes out, and the second time nothing is done', async () => {
    const event = eventOfTicket();
    await office.giveUp(event.id, 'delivery_limit', { body: JSON.stringify(event) });
    await office.giveUp('event-2', poison);

    const first = await post('redrive', { id: event.id });
    const second = await post('redrive', { id: event.id });

    expect([first.status, await first.json()]).toEqual([
      200,
      expect.objectContaining({ redriven: 1, looked_at: 2, complete: true }),
    ]);
    expect([second.status, await second.json()]).toEqual([200, expect.objectContaining({ redriven: 0 })]);
    await eventually(async () => (await office.texted()).includes(event.subject));
    expect((await list()).letters.map(({ message_id: id }) => id)).toEqual(['event-2']);
  });

  test('when what failed is not mended, then the letter comes back and says that it was redriven', async () => {
    await office.giveUp('event-1', poison, { body: 'no JSON' });

    await post('redrive', { all: true });

    const { letters } = await eventually(async () => {
      const listed = await list();
      return listed.letters.length > 0 && listed;
    });
    expect(letters[0]).toMatchObject({ message_id: 'event-1', reason: poison, redriven: 1 });
  });
});

describe('discarding', () => {
  test('when a reason is named by its beginning, then its letters are gone and the others stay', async () => {
    await office.giveUp('event-1', poison);
    await office.giveUp('event-2', 'delivery_limit');

    const answer = await post('discard', { reason: 'the message' });

    expect(await answer.json()).toMatchObject({ discarded: 1, looked_at: 2 });
    expect((await list()).letters.map(({ message_id: id }) => id)).toEqual(['event-2']);
  });
});

describe('what is refused', () => {
  test.each([
    ['{}', 400, 'None is named: name the dead letters in one way'],
    ['{"id": "event-1", "all": true}', 400, 'Too much: name the dead letters in one way'],
    ['{"ids": ["event-1"]}', 400, 'ids'],
    ['{"all": false}', 400, 'all: '],
    ['{"reason": ""}', 400, 'reason: '],
    ['[]', 400, 'name the dead letters in one way'],
    ['{', 400, 'not JSON'],
  ])('when the body is %s, then it is %i and says what to mend, and nothing is done', async (body, status, words) => {
    await office.giveUp('event-1', poison);

    const answer = await office.post('discard', body);

    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(words);
    expect((await list()).waiting).toBe(1);
  });

  test('when the body is larger than any selection, then it is 413', async () => {
    expect((await post('discard', { id: 'x'.repeat(2_048) })).status).toBe(413);
  });

  test.each([
    ['there is no token', { authorization: '' }, 401],
    ['the token is another', { authorization: `Bearer ${'x'.repeat(24)}` }, 401],
    ['a page of another site asks', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another origin asks', { origin: 'https://elsewhere.example' }, 403],
    ['a page without an origin asks', { origin: 'null' }, 403],
    ['a form asks', { 'content-type': 'text/plain' }, 415],
    ['the body is compressed', { 'content-encoding': 'gzip' }, 415],
  ])('when %s, then nothing is done', async (_who, headers, status) => {
    await office.giveUp('event-1', poison);

    const answer = await office.post('discard', '{"all": true}', headers);

    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain(office.token);
    expect((await list()).waiting).toBe(1);
  });

  test.each([
    ['POST', '/dead-letters', 405],
    ['DELETE', '/dead-letters/event-1', 405],
    ['GET', '/dead-letters/redrive', 405],
    ['GET', '/dead-letters/a/b', 404],
    ['GET', '/dead-letters/%FF', 400],
    ['GET', '/dead-letters?limit=0', 400],
    ['GET', '/dead-letters?limit=20001', 400],
    ['GET', '/dead-letters?limit=1&limit=2', 400],
  ])('when it is %s %s, then it is %i', async (method, path, status) => {
    expect((await fetchOnce(office.address + path, { method })).status).toBe(status);
  });

  test('when notifications was started without a token, then nothing can be changed, and it says what to set', async () => {
    await office.withoutToken(async (address) => {
      const answer = await fetchOnce(`${address}/dead-letters/redrive`, { method: 'POST', body: '{"all":true}' });

      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('OPS_TOKEN');
    });
  });
});

test('when the broker is away, then it is 503 with Retry-After, and it works once the broker is back', async () => {
  await office.giveUp('event-1', poison);
  await office.link.cut();

  const reading = await office.get('/dead-letters');
  const writing = await post('redrive', { all: true });
  await office.link.mend();

  expect([reading, writing].map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
    [503, '5'],
    [503, '5'],
  ]);
  expect((await list()).waiting).toBe(1);
});
