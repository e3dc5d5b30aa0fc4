import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import sdk from 'twilio';
import type { Sms, SmsProvider } from '../src/sms/sms-provider.ts';
import { configured } from './port-benches.ts';
import { accountSid, authToken, messagingServiceSid, problem, TwilioApi } from './stand-ins/twilio-api.ts';

const sms: Sms = {
  key: 'ticket-1.created',
  ticketId: 'ticket-1',
  purpose: 'turn',
  to: '+51987776576',
  text: 'Su turno es T2, señor.',
};
const callbackUrl = 'https://turno.example/callbacks/twilio?key=ticket-1.created';
const service = { TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid };

let api: TwilioApi;
let twilio: SmsProvider;

const through = (variables: Record<string, string>) =>
  configured('twilio', { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, ...variables }, api.base);

beforeAll(async () => {
  api = await TwilioApi.open();
  twilio = await through(service);
});
afterAll(() => api.close());
beforeEach(() => {
  api.requests.length = 0;
});

const lastForm = () => Object.fromEntries(new URLSearchParams(api.requests.at(-1)!.body));

describe('the request', () => {
  test('when an SMS is sent, then it is as Twilio documents it, with our key in the address of its callback', async () => {
    expect(await twilio.send(sms)).toEqual({ kind: 'sent', providerId: expect.stringMatching(/^SM\d{32}$/) });

    expect(api.requests).toMatchObject([
      {
        method: 'POST',
        path: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
        headers: {
          authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
    ]);
    expect(lastForm()).toEqual({
      To: '+51987776576',
      Body: 'Su turno es T2, señor.',
      MessagingServiceSid: messagingServiceSid,
      StatusCallback: callbackUrl,
      ValidityPeriod: '3600',
    });
  });

  test('when there is a number instead of a service, then it is the sender, also of promotions', async () => {
    const byNumber = await through({ TWILIO_FROM: '+15005550006', TWILIO_VALIDITY_SECONDS: '600' });

    await byNumber.send({ ...sms, purpose: 'promotions' });

    expect(lastForm()).toMatchObject({ From: '+15005550006', ValidityPeriod: '600' });
    expect(lastForm()).not.toHaveProperty('MessagingServiceSid');
    expect(byNumber.hasPromotionsSender).toBeUndefined();
  });

  test('when promotions have a sender of their own, then they come from it, and the turn does not', async () => {
    const apart = await through({ ...service, TWILIO_PROMOTIONS_FROM: '+15005550007' });

    await apart.send({ ...sms, purpose: 'promotions' });
    expect(lastForm()).toMatchObject({ From: '+15005550007' });
    await apart.send(sms);

    expect(lastForm()).toMatchObject({ MessagingServiceSid: messagingServiceSid });
    expect(apart.hasPromotionsSender).toBe(true);
  });

  test('when the token is another, then all SMS wait: it is our set-up, not the message', async () => {
    const wrong = await through({ ...service, TWILIO_AUTH_TOKEN: 'another' });

    expect(await wrong.send(sms)).toEqual({
      kind: 'away',
      reason: 'the account or its token is not accepted (Twilio 20003)',
    });
  });
});

describe('errors', () => {
  test.each([
    [400, 21211, 'permanent'],
    [400, 21212, 'permanent'],
    [400, 21408, 'permanent'],
    [400, 21606, 'permanent'],
    [400, 21610, 'permanent'],
    [400, 21612, 'permanent'],
    [400, 21614, 'permanent'],
    [400, 21617, 'permanent'],
    [400, 21999, 'permanent'],
    [400, 21611, 'throttled'],
    [429, 21611, 'throttled'],
    [400, 30001, 'throttled'],
    [429, 20429, 'throttled'],
    [429, 99999, 'throttled'],
    [429, 63038, 'throttled'],
    [401, 20003, 'away'],
    [401, 99999, 'away'],
    [403, 20005, 'away'],
    [403, 20403, 'away'],
    [404, 20404, 'away'],
    [400, 21603, 'away'],
    [400, 21659, 'away'],
    [400, 21660, 'away'],
    [400, 21703, 'away'],
    [400, 21704, 'away'],
    [400, 21705, 'away'],
    [400, 30002, 'away'],
    [500, 20500, 'ambiguous'],
    [503, 20503, 'ambiguous'],
    [502, 99999, 'ambiguous'],
    [408, 99999, 'ambiguous'],
    [302, 99999, 'ambiguous'],
  ])('when the answer is %i with %i, then the result is %s', async (status, code, kind) => {
    api.next(problem(status, code, 'what Twilio says, with +51987776576 in it'));

    const result = await twilio.send(sms);

    expect(result).toMatchObject({ kind, reason: expect.stringMatching(/\(Twilio (\d{5}|answered 429)\)$/) });
    expect(api.requests).toHaveLength(1);
  });

  test.each([
    ['7', 7_000],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ])('when a 429 says "Retry-After: %s", then the pause is %i ms', async (header, retryAfterMs) => {
    api.next({ ...problem(429, 20429, 'Too many requests'), headers: { 'retry-after': header } });

    expect(await twilio.send(sms)).toMatchObject({ kind: 'throttled', retryAfterMs });
  });

  test('when a proxy answers instead of Twilio, then the result is ambiguous', async () => {
    api.next({ status: 502, body: '<html>Bad gateway</html>' });

    expect(await twilio.send(sms)).toEqual({
      kind: 'ambiguous',
      reason: 'an error inside Twilio (Twilio answered 502)',
    });
  });
});

describe('a callback', () => {
  const signed = (form: Record<string, string>, url = callbackUrl, token = authToken) => ({
    url,
    headers: { 'x-twilio-signature': sdk.getExpectedTwilioSignature(token, url, form) },
    body: Buffer.from(new URLSearchParams(form).toString()),
  });
  const told = (form: Record<string, string>) => twilio.readCallback!(signed(form));

  test.each([
    ['accepted', 'SENT'],
    ['queued', 'SENT'],
    ['sending', 'SENT'],
    ['sent', 'SENT'],
    ['delivered', 'DELIVERED'],
    ['read', 'DELIVERED'],
  ])('when the status is %s, then the SMS with our key is %s', (status, state) => {
    expect(told({ MessageSid: 'SM1', MessageStatus: status })).toEqual([
      { kind: 'delivery', key: 'ticket-1.created', providerId: 'SM1', state },
    ]);
  });

  test.each([
    ['30001', { reason: 'the queue is full (Twilio 30001)', tryAgainAfterMs: 300_000 }],
    ['30003', { reason: 'the phone cannot be reached (Twilio 30003)', tryAgainAfterMs: 1_800_000 }],
    ['30005', { reason: 'the number is not known (Twilio 30005)' }],
    ['30006', { reason: 'a landline, or a network that cannot be reached (Twilio 30006)' }],
    ['30007', { reason: 'filtered as spam (Twilio 30007)' }],
    ['30008', { reason: 'the network does not say why (Twilio 30008)', tryAgainAfterMs: 1_800_000 }],
    ['30999', { reason: 'not delivered (Twilio 30999)' }],
    ['', { reason: 'Twilio does not say why' }],
  ])(
    'when it is undelivered with %s, then it has failed, and the callback says whether it may arrive later',
    (ErrorCode, why) => {
      expect(told({ MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode })).toEqual([
        { kind: 'delivery', key: 'ticket-1.created', providerId: 'SM1', state: 'FAILED', ...why },
      ]);
    },
  );

  test.each<[Record<string, string>, boolean | undefined]>([
    [{ Body: 'Detener por favor', OptOutType: 'STOP' }, false],
    [{ Body: 'Comenzar', OptOutType: 'START' }, true],
    [{ Body: 'STOP', OptOutType: 'HELP' }, undefined],
    [{ Body: ' stop. ' }, false],
    [{ Body: 'BAJA' }, false],
    [{ Body: 'Start' }, true],
    [{ Body: 'do not stop' }, undefined],
  ])('when a phone answers %j, then promotions are allowed: %p', (answer, allowed) => {
    const expected = allowed === undefined ? [] : [{ kind: 'consent', phone: '+51987776576', allowed }];

    expect(told({ MessageSid: 'SM2', From: '+51987776576', ...answer })).toEqual(expected);
  });

  test.each([
    ['another token signed it', signed({ MessageSid: 'SM1', MessageStatus: 'delivered' }, callbackUrl, 'another')],
    ['its key was changed', { ...signed({ MessageSid: 'SM1', MessageStatus: 'delivered' }), url: `${callbackUrl}2` }],
    [
      'its body was changed',
      {
        ...signed({ MessageSid: 'SM1', MessageStatus: 'sent' }),
        body: Buffer.from('MessageSid=SM1&MessageStatus=failed'),
      },
    ],
  ])('when %s, then it is forged', (_what, request) => {
    expect(twilio.readCallback!(request)).toBe('forged');
  });
});
