import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Sms, SmsProvider } from '../src/sms/sms-provider.ts';
import { configured } from './port-benches.ts';
import { apiKey, apiSecret, problem, VonageApi } from './stand-ins/vonage-api.ts';

const sms: Sms = {
  key: 'ticket-1.created',
  ticketId: 'ticket-1',
  purpose: 'turn',
  to: '+51987776576',
  text: 'Su turno es T2, señor.',
};
const signatureSecret = 'a secret of the specs that signs callbacks';

let api: VonageApi;
let vonage: SmsProvider;

const through = (variables: Record<string, string>) => {
  const account = { VONAGE_API_KEY: apiKey, VONAGE_API_SECRET: apiSecret, VONAGE_FROM: '+15005550006' };
  return configured('vonage', { ...account, ...variables }, api.base);
};

beforeAll(async () => {
  api = await VonageApi.open();
  vonage = await through({ VONAGE_SIGNATURE_SECRET: signatureSecret });
});
afterAll(() => api.close());
beforeEach(() => {
  api.requests.length = 0;
});

const lastBody = () => JSON.parse(api.requests.at(-1)!.body) as unknown;

describe('the request', () => {
  test('when an SMS is sent, then it is as Vonage documents it, with our key as its reference', async () => {
    expect(await vonage.send(sms)).toEqual({ kind: 'sent', providerId: expect.stringMatching(/^[0-9a-f-]{36}$/) });

    expect(api.requests).toMatchObject([
      {
        method: 'POST',
        path: '/v1/messages',
        headers: {
          authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`,
          'content-type': 'application/json',
        },
      },
    ]);
    expect(lastBody()).toEqual({
      channel: 'sms',
      message_type: 'text',
      to: '51987776576',
      from: '15005550006',
      text: 'Su turno es T2, señor.',
      ttl: 3_600,
      client_ref: 'ticket-1.created',
      webhook_url: 'https://turno.example/callbacks/vonage',
      webhook_version: 'v1',
    });
  });

  test('when there is nothing to check callbacks with, then none are asked for', async () => {
    const deaf = await through({});

    await deaf.send(sms);

    expect(lastBody()).not.toHaveProperty('webhook_url');
  });

  test('when promotions have a sender of their own, then they come from it, and the turn does not', async () => {
    const apart = await through({ VONAGE_PROMOTIONS_FROM: 'TurnoPromo' });

    await apart.send({ ...sms, purpose: 'promotions' });
    expect(lastBody()).toMatchObject({ from: 'TurnoPromo' });
    await apart.send(sms);

    expect(lastBody()).toMatchObject({ from: '15005550006' });
    expect(apart.hasPromotionsSender).toBe(true);
  });

  test('when the secret is another, then all SMS wait: it is our set-up, not the message', async () => {
    const wrong = await through({ VONAGE_API_SECRET: 'another' });

    expect(await wrong.send(sms)).toEqual({
      kind: 'away',
      reason: 'the account is not accepted (Vonage answered 401)',
    });
  });
});

describe('errors', () => {
  test.each([
    [401, 'Unauthorized', 'away'],
    [402, 'Low balance', 'away'],
    [403, 'Forbidden', 'away'],
    [404, 'Not found', 'away'],
    [422, 'Invalid sender', 'away'],
    [422, 'Unsupported channel', 'away'],
    [422, 'Invalid recipient', 'permanent'],
    [422, 'Invalid params', 'permanent'],
    [400, 'Something else', 'permanent'],
    [429, 'Rate limit', 'throttled'],
    [408, 'Timeout', 'ambiguous'],
    [500, 'Internal error', 'ambiguous'],
    [502, 'Bad gateway', 'ambiguous'],
    [503, 'Service unavailable', 'ambiguous'],
  ])('when the answer is %i, "%s", then the result is %s', async (status, title, kind) => {
    api.next(problem(status, title));

    const result = await vonage.send(sms);

    expect(result).toMatchObject({
      kind,
      reason: expect.stringMatching(new RegExp(`\\(Vonage answered ${status}\\)$`)),
    });
    expect(api.requests).toHaveLength(1);
  });

  test('when a proxy answers instead of Vonage, then the status counts', async () => {
    api.next({ status: 502, body: '<html>Bad gateway</html>' });

    expect(await vonage.send(sms)).toMatchObject({ kind: 'ambiguous' });
  });
});

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as Vonage makes it: https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks */
function tokenOver(body: string, changes: Record<string, unknown> = {}, secret = signatureSecret): string {
  const now = Math.floor(Date.now() / 1_000);
  const payload_hash = createHash('sha256').update(body).digest('hex');
  const claims = { iat: now, jti: 'any', iss: 'Vonage', payload_hash, api_key: apiKey, ...changes };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const hoursAgo = (hours: number): number => Math.floor(Date.now() / 1_000 - hours * 3_600);

function requestOf(told: unknown, authorization?: string) {
  const body = JSON.stringify(told);
  const url = 'https://turno.example/callbacks/vonage';
  return { url, headers: { authorization: authorization ?? `Bearer ${tokenOver(body)}` }, body: Buffer.from(body) };
}

const about = {
  message_uuid: 'uuid-1',
  to: '51987776576',
  from: '15005550006',
  timestamp: '2026-01-01T14:00:00.000Z',
  channel: 'sms',
  client_ref: 'ticket-1.created',
};
const delivery = { kind: 'delivery', key: 'ticket-1.created', providerId: 'uuid-1' };

describe('a callback', () => {
  test.each([
    ['submitted', 'SENT'],
    ['delivered', 'DELIVERED'],
    ['read', 'DELIVERED'],
  ])('when the status is %s, then the SMS with our key is %s', (status, state) => {
    expect(vonage.readCallback!(requestOf({ ...about, status }))).toEqual([{ ...delivery, state }]);
  });

  test.each([
    [{ title: 1180 }, { reason: 'the phone cannot be reached (Vonage 1180)', tryAgainAfterMs: 1_800_000 }],
    [{ title: '1230' }, { reason: 'the phone is busy (Vonage 1230)', tryAgainAfterMs: 1_800_000 }],
    [{ title: '1000' }, { reason: 'too many messages (Vonage 1000)', tryAgainAfterMs: 300_000 }],
    [{ title: '1050' }, { reason: 'the number is barred (Vonage 1050)' }],
    [
      { type: 'https://developer.vonage.com/api-errors/messages#1170', title: 'Invalid MSISDN' },
      { reason: 'the number is not valid (Vonage 1170)' },
    ],
    [{ title: '1999' }, { reason: 'not delivered (Vonage 1999)' }],
    [undefined, { reason: 'Vonage does not say why' }],
  ])(
    'when it is rejected with %j, then it has failed, and the callback says whether it may arrive later',
    (error, why) => {
      expect(vonage.readCallback!(requestOf({ ...about, status: 'rejected', error }))).toEqual([
        { ...delivery, state: 'FAILED', ...why },
      ]);
    },
  );

  test.each([
    ['Stop', [{ kind: 'consent', phone: '+51987776576', allowed: false, at: new Date(about.timestamp) }]],
    ['START', [{ kind: 'consent', phone: '+51987776576', allowed: true, at: new Date(about.timestamp) }]],
    ['gracias', []],
  ])('when a phone answers "%s", then that is what it says of promotions, and when', (text, callbacks) => {
    const inbound = { ...about, from: '51987776576', to: '15005550006', message_type: 'text', text };

    expect(vonage.readCallback!(requestOf(inbound))).toEqual(callbacks);
  });

  test.each([[undefined], ['this morning']])('when the timestamp of a STOP is %j, then it is a STOP', (timestamp) => {
    const inbound = { ...about, from: '51987776576', timestamp, text: 'STOP' };

    expect(vonage.readCallback!(requestOf(inbound))).toEqual([
      { kind: 'consent', phone: '+51987776576', allowed: false },
    ]);
  });

  test.each(['', 'OK', '{"status":'])('when it is signed and its body is "%s", then it cannot be read', (text) => {
    const request = { ...requestOf({}, `Bearer ${tokenOver(text)}`), body: Buffer.from(text) };

    expect(() => vonage.readCallback!(request)).toThrow(SyntaxError);
  });

  const told = { ...about, status: 'delivered' };
  const body = JSON.stringify(told);

  test('when Vonage repeats it a day later under the same token, then it is read', () => {
    const token = tokenOver(body, { iat: hoursAgo(24) });

    expect(vonage.readCallback!(requestOf(told, `Bearer ${token}`))).toEqual([{ ...delivery, state: 'DELIVERED' }]);
  });

  test.each([
    ['another secret signed it', tokenOver(body, {}, 'another')],
    ['it is of another body', tokenOver(body.replace('delivered', 'rejected'))],
    ['it is of another account', tokenOver(body, { api_key: 'other' })],
    ['it is older than 25 hours', tokenOver(body, { iat: hoursAgo(25.1) })],
    ['it is of the future', tokenOver(body, { iat: hoursAgo(-0.1) })],
    ['it has no digest', tokenOver(body, { payload_hash: undefined })],
    ['it is no token', 'nonsense'],
  ])('when of the token %s, then it is forged', (_what, token) => {
    expect(vonage.readCallback!(requestOf(told, `Bearer ${token}`))).toBe('forged');
  });
});
