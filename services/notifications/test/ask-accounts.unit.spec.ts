import { afterEach, describe, expect, test } from '@jest/globals';
import { readConfig } from '@turno/shared';
import { askAccounts, notificationsConfig } from '../src/index.ts';
import type { AccountState } from '../src/sms/sms-provider.ts';
import type { ApiAnswer, ProviderApi, Treatment } from './stand-ins/provider-api.ts';
import * as aws from './stand-ins/sns-api.ts';
import * as twilio from './stand-ins/twilio-api.ts';
import * as vonage from './stand-ins/vonage-api.ts';

const servers = { AMQP_URL: 'amqp://broker', NOTIFICATIONS_MONGO_URL: 'mongodb://host/notifications' };
const credentials = { AWS_ACCESS_KEY_ID: aws.accessKeyId, AWS_SECRET_ACCESS_KEY: aws.secretAccessKey };

let api: ProviderApi | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function asked(name: string, variables: Record<string, string>, base?: string): Promise<AccountState> {
  const config = readConfig(notificationsConfig, { ...servers, SMS_PROVIDER: name, ...variables });
  const [account] = await askAccounts(config, base);
  return account!.state;
}

async function askedOf(answer: Treatment): Promise<AccountState> {
  api = await twilio.TwilioApi.open();
  api.next(answer);
  const variables = {
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM: '+15005550006',
    TWILIO_TIMEOUT_MS: '300',
  };
  return asked('twilio', variables, api.base);
}

const account = (fields: object): ApiAnswer => ({ status: 200, body: { sid: twilio.accountSid, ...fields } });

describe('Twilio', () => {
  test.each<[string, AccountState['kind'], Treatment]>([
    ['an active account', 'good', account({ status: 'active', type: 'Full' })],
    ['a trial account', 'doubtful', account({ status: 'active', type: 'Trial' })],
    ['a suspended account', 'refused', account({ status: 'suspended', type: 'Full' })],
    ['no such credentials', 'refused', twilio.problem(401, 20003, 'Authenticate')],
    ['a breakdown', 'away', twilio.problem(500, 20500, 'Internal Server Error')],
    ['no answer', 'away', 'says nothing'],
  ])('when it answers with %s, then that is %s, and nothing is sent', async (_answer, kind, answer) => {
    expect((await askedOf(answer)).kind).toBe(kind);

    expect(api!.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /2010-04-01/Accounts/${twilio.accountSid}.json`,
    ]);
  });
});

describe('Vonage', () => {
  const variables = { VONAGE_API_KEY: vonage.apiKey, VONAGE_API_SECRET: vonage.apiSecret, VONAGE_FROM: 'Turno' };

  test.each<[string, AccountState['kind'], ApiAnswer | undefined]>([
    ['a balance', 'good', { status: 200, body: { value: 3.14, autoReload: false } }],
    ['nothing left', 'refused', { status: 200, body: { value: 0, autoReload: false } }],
    ['no such credentials', 'refused', vonage.problem(401, 'Unauthorized')],
  ])('when it answers with %s, then that is %s', async (_answer, kind, answer) => {
    api = await vonage.VonageApi.open();
    api.next(answer);

    expect((await asked('vonage', variables, api.base)).kind).toBe(kind);

    const [request] = api.requests;
    expect([request!.method, request!.path]).toEqual(['GET', '/account/get-balance']);
    expect(Buffer.from(request!.headers.authorization!.slice(6), 'base64').toString()).toBe(
      `${vonage.apiKey}:${vonage.apiSecret}`,
    );
  });
});

describe('SNS', () => {
  const attributes =
    '<GetSMSAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetSMSAttributesResult><attributes>' +
    '<entry><key>MonthlySpendLimit</key><value>50</value></entry>' +
    '</attributes></GetSMSAttributesResult></GetSMSAttributesResponse>';

  test.each<[string, AccountState['kind'], ApiAnswer]>([
    ['its limit', 'good', { status: 200, body: attributes }],
    ['that this may not be asked', 'doubtful', aws.problem(403, 'AuthorizationError', 'not authorized')],
    ['no such credentials', 'refused', aws.problem(403, 'InvalidClientTokenId', 'The security token is invalid')],
  ])('when it answers with %s, then that is %s', async (_answer, kind, answer) => {
    Object.assign(process.env, credentials);
    api = await aws.SnsApi.open();
    api.next(answer);

    expect((await asked('sns', { AWS_REGION: aws.region }, api.base)).kind).toBe(kind);
    expect(new URLSearchParams(api.requests[0]!.body).get('Action')).toBe('GetSMSAttributes');
  });
});

describe('the webhook', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  test.each<[string, AccountState['kind'], ApiAnswer]>([
    ['405', 'good', { status: 405 }],
    ['404', 'doubtful', { status: 404 }],
    ['502', 'away', { status: 502 }],
  ])('when it answers %s, then that is %s', async (_answer, kind, answer) => {
    api = await twilio.TwilioApi.open();
    api.next(answer);
    const variables = { SMS_WEBHOOK_URL: `${api.base}/sms`, SMS_WEBHOOK_SECRET: secret };

    expect((await asked('webhook', variables)).kind).toBe(kind);
    expect(api.requests.map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('when nobody listens there, then it is away', async () => {
    const variables = { SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms', SMS_WEBHOOK_SECRET: secret };

    expect((await asked('webhook', variables)).kind).toBe('away');
  });
});

test('when it is the inbox, then that is doubtful: nobody gets an SMS', async () => {
  expect((await asked('inbox', {})).kind).toBe('doubtful');
});
