import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
const account = {
  TWILIO_ACCOUNT_SID: accountSid,
  TWILIO_AUTH_TOKEN: authToken,
  TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid,
};

let api: TwilioApi;
let twilio: SmsProvider;

beforeAll(async () => {
  api = await TwilioApi.open();
  twilio = await configured('twilio', account, api.base);
});
afterAll(() => api.close());

describe('asked for an SMS', () => {
  const since = new Date(Date.now() - 1_000);

  test('when Twilio has it under the typography of its own, then it is found by the phone, and by no sending date', async () => {
    const to = '+51900000001';
    await twilio.send({ ...sms, to, text: 'Your turn: "T2" - now' });

    expect(await twilio.lookUp!({ ...sms, to, text: 'Your turn: “T2” — now' }, since, [])).toMatchObject({
      kind: 'sent',
    });

    const { method, path } = api.requests.at(-1)!;
    expect(`${method} ${path}`).toBe(
      `GET /2010-04-01/Accounts/${accountSid}/Messages.json?To=%2B51900000001&PageSize=200`,
    );
  });

  test.each([
    ['another text', { text: 'Su turno es T3, señor.' }, since],
    ['another phone', { to: '+51900000009' }, since],
    ['an SMS of before', {}, new Date(Date.now() + 120_000)],
  ])('when it has %s, then it has never received it', async (_what, changes, from) => {
    const to = '+51900000002';
    await twilio.send({ ...sms, to });

    expect(await twilio.lookUp!({ ...sms, to, ...changes }, from, [])).toEqual({ kind: 'never-received' });
  });

  test('when an earlier attempt of the same text has arrived there, then it is not taken for this one', async () => {
    const again = { ...sms, to: '+51900000003' };
    const earlier = (await twilio.send(again)) as { kind: 'sent'; providerId: string };

    expect(await twilio.lookUp!(again, since, [earlier.providerId])).toEqual({ kind: 'never-received' });
    const later = await twilio.send(again);

    expect(await twilio.lookUp!(again, since, [earlier.providerId])).toEqual(later);
  });

  test('when it throttles, then it cannot be asked now, and says when', async () => {
    api.next({ ...problem(429, 20429, 'Too many requests'), headers: { 'retry-after': '3' } });

    expect(await twilio.lookUp!(sms, since, [])).toMatchObject({ kind: 'away', retryAfterMs: 3_000 });
  });
});
