import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook as Signature } from 'standardwebhooks';
import type { Sms } from '../src/sms/sms-provider.ts';
import { Webhook, type WebhookOptions } from '../src/sms/webhook.ts';
import { Receiver, secret, type Treatment } from './receiver.ts';

const sms: Sms = {
  key: 'ticket-1.created',
  ticketId: 'ticket-1',
  purpose: 'turn',
  to: '+51987776576',
  text: 'Su turno es T2, señor.',
};
const clock = () => new Date('2017-02-20T10:00:00.900Z');

let receiver: Receiver;

beforeEach(async () => {
  receiver = await Receiver.open();
});
afterEach(() => receiver.close());

function webhook(changes: Partial<WebhookOptions> = {}): Webhook {
  return new Webhook({ url: receiver.url, secret, timeoutMs: 2_000, clock, ...changes });
}

const answering =
  (status: number, body = '', headers: Record<string, string> = {}): Treatment =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

describe('a message', () => {
  test('when it is sent, then the receiver has it, signed and under its key, and names it', async () => {
    expect(await webhook().send(sms)).toEqual({ kind: 'sent', providerId: 'message-1' });

    expect(receiver.attempts).toMatchObject([
      {
        key: 'ticket-1.created',
        body: { to: '+51987776576', text: 'Su turno es T2, señor.', ticket_id: 'ticket-1', purpose: 'turn' },
        headers: {
          'content-type': 'application/json',
          'webhook-id': 'ticket-1.created',
          'webhook-timestamp': '1487584800',
        },
      },
    ]);
  });

  test('when it is sent again under its key, then it is the message that the receiver has', async () => {
    receiver.next((request) => request.socket.resetAndDestroy());

    expect((await webhook().send(sms)).kind).toBe('ambiguous');
    expect(await webhook().send(sms)).toEqual({ kind: 'sent', providerId: 'message-1' });

    expect(receiver.delivered).toBe(1);
  });

  test('when the secret is another one, then the receiver does not take it, and the answer says so', async () => {
    const other = `whsec_${Buffer.alloc(24).toString('base64')}`;

    const result = await webhook({ secret: other }).send(sms);

    expect(result).toEqual({ kind: 'away', reason: 'the webhook answered 401' });
    expect(receiver.attempts).toEqual([]);
  });
});

describe('answers', () => {
  test.each([
    ['is empty', ''],
    ['is not JSON', 'OK'],
    ['has no id', '{"status": "queued"}'],
    ['has an id that is no text', '{"id": 7}'],
    ['is endless', 'x'.repeat(10_000_000)],
  ])('when the body of a 200 %s, then it is sent, and known by its key', async (_what, body) => {
    receiver.next(answering(200, body));

    expect(await webhook().send(sms)).toEqual({ kind: 'sent', providerId: sms.key });
  });

  test('when the body of a 200 stops half-way, then it is sent, and known by its key', async () => {
    receiver.next((_request, response) => void response.writeHead(200).write('{"id": "mess'));

    expect(await webhook({ timeoutMs: 200 }).send(sms)).toEqual({ kind: 'sent', providerId: sms.key });
  });

  test.each([
    [302, 'away'],
    [307, 'away'],
    [400, 'permanent'],
    [401, 'away'],
    [403, 'away'],
    [404, 'away'],
    [408, 'ambiguous'],
    [409, 'transient'],
    [422, 'permanent'],
    [425, 'transient'],
    [500, 'ambiguous'],
    [502, 'ambiguous'],
    [503, 'ambiguous'],
    [504, 'ambiguous'],
  ])('when the status is %i, then the result is %s and names it', async (status, kind) => {
    receiver.next(answering(status, 'what an attacker might have sent', { location: receiver.url }));

    expect(await webhook().send(sms)).toEqual({ kind, reason: `the webhook answered ${status}` });
    expect(receiver.attempts).toHaveLength(1);
  });
});

test.each([
  ['7', { retryAfterMs: 7_000 }],
  ['Mon, 20 Feb 2017 10:00:03 GMT', { retryAfterMs: 2_100 }],
  ['soon', {}],
])('when a 429 says "Retry-After: %s", then the result is throttled, for that long', async (header, pause) => {
  receiver.next(answering(429, '', { 'retry-after': header }));

  expect(await webhook().send(sms)).toEqual({ kind: 'throttled', reason: 'the webhook answered 429', ...pause });
});

test.each([
  ['30', 'away'],
  ['Mon, 20 Feb 2017 10:00:30 GMT', 'away'],
  ['soon', 'ambiguous'],
])('when a 503 says "Retry-After: %s", then the result is %s', async (header, kind) => {
  receiver.next(answering(503, '', { 'retry-after': header }));

  expect(await webhook().send(sms)).toEqual({ kind, reason: 'the webhook answered 503' });
});

describe('no answer', () => {
  test('when it does not come in time, then the result is ambiguous', async () => {
    receiver.next(() => undefined);

    const result = await webhook({ timeoutMs: 200 }).send(sms);

    expect(result).toEqual({ kind: 'ambiguous', reason: 'the webhook did not answer within 200 ms' });
  });

  test.each<[string, Treatment]>([
    ['resets the connection', (request) => request.socket.resetAndDestroy()],
    ['closes the connection', (request) => request.socket.end()],
    ['answers with something that is not HTTP', (request) => request.socket.end('220 smtp.example.org\r\n')],
  ])('when the receiver %s, then the result is ambiguous', async (_what, treatment) => {
    receiver.next(treatment);

    const result = await webhook().send(sms);

    expect(result).toMatchObject({
      kind: 'ambiguous',
      reason: expect.stringMatching(/^the webhook broke off: \w+$/),
    });
  });

  test('when nobody listens there, then the result is away', async () => {
    const gone = await Receiver.open();
    const { url } = gone;
    await gone.close();

    expect(await webhook({ url }).send(sms)).toEqual({
      kind: 'away',
      reason: 'the webhook could not be reached: ECONNREFUSED',
    });
  });

  test('when there is no such host, then the result is away', async () => {
    const result = await webhook({ url: 'http://receiver.invalid/sms' }).send(sms);

    expect(result).toEqual({
      kind: 'away',
      reason: expect.stringMatching(/^the webhook could not be reached: (ENOTFOUND|EAI_AGAIN)$/),
    });
  });
});

const signed = (told: unknown, by = secret) => {
  const body = typeof told === 'string' ? told : JSON.stringify(told);
  const now = new Date();
  const headers = {
    'webhook-id': 'callback-1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Signature(by).sign('callback-1', now, body),
  };
  return { url: 'https://turno.example/callbacks/webhook', headers, body: Buffer.from(body) };
};

describe('a callback', () => {
  test.each([
    [
      { key: 'ticket-1.created', state: 'DELIVERED' },
      { kind: 'delivery', key: 'ticket-1.created', state: 'DELIVERED' },
    ],
    [
      { id: 'message-1', state: 'FAILED', reason: 'the number is not in use' },
      { kind: 'delivery', providerId: 'message-1', state: 'FAILED', reason: 'the number is not in use' },
    ],
    [
      { phone: '+51987776576', allowed: false },
      { kind: 'consent', phone: '+51987776576', allowed: false },
    ],
    [
      { phone: '+51987776576', allowed: true, at: '2017-02-20T05:00:00-05:00' },
      { kind: 'consent', phone: '+51987776576', allowed: true, at: new Date('2017-02-20T10:00:00Z') },
    ],
  ])('when it tells %j, then that is taken in', (told, callback) => {
    expect(webhook().readCallback(signed(told))).toEqual([callback]);
  });

  test.each([
    [{ state: 'DELIVERED' }],
    [{ key: 'ticket-1.created', state: 'LOST' }],
    [{ phone: '987776576', allowed: false }],
    [{ phone: '+51987776576', allowed: 'no' }],
    [{ phone: '+51987776576', allowed: false, at: 'yesterday' }],
    [[]],
    ['OK'],
    [''],
  ])('when it is signed and tells %j, then it cannot be read', (told) => {
    expect(() => webhook().readCallback(signed(told))).toThrow(/JSON|invalid/i);
  });

  test.each([
    ['another secret signed it', signed({ key: 'k', state: 'SENT' }, `whsec_${Buffer.alloc(24).toString('base64')}`)],
    [
      'it is of another body',
      { ...signed({ key: 'k', state: 'SENT' }), body: Buffer.from('{"key":"j","state":"SENT"}') },
    ],
    ['it is unsigned, and no JSON', { ...signed('OK'), headers: {} }],
  ])('when %s, then it is forged', (_what, request) => {
    expect(webhook().readCallback(request)).toBe('forged');
  });
});
