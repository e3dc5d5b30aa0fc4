import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Sms, SmsProvider } from '../src/sms/sms-provider.ts';
import { configured } from './port-benches.ts';
import { accessKeyId, problem, region, secretAccessKey, SnsApi } from './stand-ins/sns-api.ts';

const sms: Sms = {
  key: 'ticket-1.created',
  ticketId: 'ticket-1',
  purpose: 'turn',
  to: '+51987776576',
  text: 'Su turno es T2, señor.',
};

let api: SnsApi;
let sns: SmsProvider;

const through = (variables: Record<string, string> = {}) =>
  configured('sns', { AWS_REGION: region, ...variables }, api.base);

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
  api = await SnsApi.open();
  sns = await through();
});
afterAll(() => api.close());
beforeEach(() => {
  api.requests.length = 0;
});

const lastForm = () => Object.fromEntries(new URLSearchParams(api.requests.at(-1)!.body));

/** Message attributes by name, as the query protocol numbers them. */
function lastAttributes(): Record<string, string> {
  const form = lastForm();
  const names = Object.keys(form).filter((field) => field.endsWith('.Name'));
  return Object.fromEntries(names.map((field) => [form[field]!, form[field.replace('.Name', '.Value.StringValue')]!]));
}

describe('the request', () => {
  test('when an SMS is sent, then it is a signed Publish to the phone, transactional', async () => {
    expect(await sns.send(sms)).toEqual({ kind: 'sent', providerId: expect.stringMatching(/^[0-9a-f-]{36}$/) });

    expect(api.requests).toMatchObject([
      {
        method: 'POST',
        path: '/',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/sns\//),
        },
      },
    ]);
    expect(lastForm()).toMatchObject({
      Action: 'Publish',
      Version: '2010-03-31',
      PhoneNumber: '+51987776576',
      Message: 'Su turno es T2, señor.',
    });
    expect(lastAttributes()).toEqual({ 'AWS.SNS.SMS.SMSType': 'Transactional' });
  });

  test('when there are senders, then the turn comes from its own, and promotions from theirs, as promotional', async () => {
    const apart = await through({
      SNS_SENDER_ID: 'Turno',
      SNS_ORIGINATION_NUMBER: '+15005550006',
      SNS_PROMOTIONS_SENDER_ID: 'TurnoPromo',
    });

    await apart.send(sms);
    expect(lastAttributes()).toEqual({
      'AWS.SNS.SMS.SMSType': 'Transactional',
      'AWS.SNS.SMS.SenderID': 'Turno',
      'AWS.MM.SMS.OriginationNumber': '+15005550006',
    });
    await apart.send({ ...sms, purpose: 'promotions' });

    expect(lastAttributes()).toEqual({
      'AWS.SNS.SMS.SMSType': 'Promotional',
      'AWS.SNS.SMS.SenderID': 'TurnoPromo',
    });
    expect(apart.hasPromotionsSender).toBe(true);
  });

  test('when the secret is another, then all SMS wait: it is our set-up, not the message', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'another';
    const wrong = await through();

    const result = await wrong.send(sms);
    process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;

    expect(result).toEqual({ kind: 'away', reason: 'AWS does not accept our credentials (SNS SignatureDoesNotMatch)' });
  });
});

describe('errors', () => {
  test.each([
    [400, 'InvalidParameter', 'permanent'],
    [400, 'ParameterValueInvalid', 'permanent'],
    [400, 'ValidationError', 'permanent'],
    [400, 'OptedOut', 'permanent'],
    [400, 'SomethingElse', 'permanent'],
    [429, 'Throttled', 'throttled'],
    [400, 'Throttling', 'throttled'],
    [400, 'ThrottlingException', 'throttled'],
    [400, 'KMSThrottling', 'throttled'],
    [429, 'SomethingElse', 'throttled'],
    [403, 'AuthorizationError', 'away'],
    [403, 'AccessDenied', 'away'],
    [403, 'InvalidSecurity', 'away'],
    [403, 'InvalidClientTokenId', 'away'],
    [403, 'SignatureDoesNotMatch', 'away'],
    [403, 'ExpiredToken', 'away'],
    [400, 'RequestExpired', 'away'],
    [403, 'OptInRequired', 'away'],
    [400, 'EndpointDisabled', 'away'],
    [400, 'PlatformApplicationDisabled', 'away'],
    [404, 'NotFound', 'away'],
    [400, 'UserError', 'away'],
    [400, 'KMSAccessDenied', 'away'],
    [400, 'KMSDisabled', 'away'],
    [400, 'KMSInvalidState', 'away'],
    [400, 'KMSNotFound', 'away'],
    [403, 'KMSOptInRequired', 'away'],
    [403, 'SomethingElse', 'away'],
    [500, 'InternalError', 'ambiguous'],
    [500, 'InternalFailure', 'ambiguous'],
    [503, 'ServiceUnavailable', 'ambiguous'],
    [502, 'SomethingElse', 'ambiguous'],
    [408, 'RequestTimeout', 'ambiguous'],
  ])('when the answer is %i with %s, then the result is %s', async (status, code, kind) => {
    api.next(problem(status, code, 'what AWS says, with +51987776576 in it'));

    const result = await sns.send(sms);

    expect(result).toMatchObject({ kind, reason: expect.stringMatching(/\(SNS \w+\)$/) });
    expect(api.requests).toHaveLength(1);
  });
});

test('when SNS is asked what became of an SMS, then it cannot be, and it tells nothing by HTTP', () => {
  expect(sns.recognisesKeys).toBeUndefined();
  expect('lookUp' in sns).toBe(false);
  expect('readCallback' in sns).toBe(false);
});
