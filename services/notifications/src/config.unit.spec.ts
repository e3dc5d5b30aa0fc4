import { describe, expect, test } from '@jest/globals';
import { readConfig } from '@turno/shared';
import { notificationsConfig } from './config.ts';

const servers = { AMQP_URL: 'amqp://broker', NOTIFICATIONS_MONGO_URL: 'mongodb://host/notifications' };
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const webhook = { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: 'https://receiver/sms', SMS_WEBHOOK_SECRET: secret };

const read = (variables: Record<string, string>) => readConfig(notificationsConfig, { ...servers, ...variables });

describe('the provider', () => {
  test('when it is the inbox, then nothing else is wanted', () => {
    expect(read({ SMS_PROVIDER: 'inbox' })).toMatchObject({ SMS_PROVIDER: 'inbox' });
  });

  test('when it is the webhook, then it waits five seconds unless told otherwise', () => {
    expect(read(webhook)).toMatchObject({ SMS_WEBHOOK_TIMEOUT_MS: 5_000 });
    expect(read({ ...webhook, SMS_WEBHOOK_TIMEOUT_MS: '100' })).toMatchObject({ SMS_WEBHOOK_TIMEOUT_MS: 100 });
  });

  test('when it is the webhook and lacks what it needs, then each variable is named', () => {
    const lines = ['SMS_WEBHOOK_URL is not set: webhook needs it', 'SMS_WEBHOOK_SECRET is not set: webhook needs it'];

    expect(() => read({ SMS_PROVIDER: 'webhook' })).toThrow(lines.map((line) => `  ${line}`).join('\n'));
  });

  test.each([
    ['SMS_WEBHOOK_URL', 'ftp://hidden/sms'],
    ['SMS_WEBHOOK_URL', 'https://user:hidden@receiver/sms'],
    ['SMS_WEBHOOK_SECRET', 'hidden'],
    ['SMS_WEBHOOK_SECRET', `${secret}-hidden`],
  ])('when %s is %s, then it is named and its value is not', (name, value) => {
    expect(() => read({ ...webhook, [name]: value })).toThrow(`${name} is wrong: `);
    expect(() => read({ ...webhook, [name]: value })).not.toThrow('hidden');
  });
});

const twilio = {
  SMS_PROVIDER: 'twilio',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'hidden',
  TWILIO_FROM: '+15005550006',
};
const service = `MG${'0'.repeat(32)}`;

describe('senders', () => {
  test.each<[string, Record<string, string>, string]>([
    ['Twilio has none', { TWILIO_FROM: '' }, 'TWILIO_MESSAGING_SERVICE_SID is not set: it or TWILIO_FROM is needed'],
    ['Twilio has two', { TWILIO_MESSAGING_SERVICE_SID: service }, 'TWILIO_FROM is wrong: there is a'],
    [
      'promotions have two',
      { TWILIO_PROMOTIONS_FROM: '+15005550007', TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID: service },
      'TWILIO_PROMOTIONS_FROM is wrong: there is a',
    ],
    [
      'promotions have that of the turn',
      { TWILIO_PROMOTIONS_FROM: '+15005550006' },
      'TWILIO_PROMOTIONS_FROM is wrong: it is the sender of the turn',
    ],
    [
      'promotions have the service of the turn',
      { TWILIO_FROM: '', TWILIO_MESSAGING_SERVICE_SID: service, TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID: service },
      'TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID is wrong: it is the sender of the turn',
    ],
    ['the validity is a day', { TWILIO_VALIDITY_SECONDS: '86400' }, 'TWILIO_VALIDITY_SECONDS is wrong'],
    ['the timeout is half a minute', { TWILIO_TIMEOUT_MS: '30000' }, 'TWILIO_TIMEOUT_MS is wrong'],
    ['the sender is no sender', { TWILIO_FROM: 'a name that is too long' }, 'TWILIO_FROM is wrong'],
    ['SNS has no region', { SMS_PROVIDER: 'sns' }, 'AWS_REGION is not set: sns needs it'],
    [
      'SNS has one for both',
      { SMS_PROVIDER: 'sns', AWS_REGION: 'us-east-1', SNS_SENDER_ID: 'Turno', SNS_PROMOTIONS_SENDER_ID: 'Turno' },
      'SNS_PROMOTIONS_SENDER_ID is wrong: it is the sender of the turn',
    ],
    ['Vonage has none', { SMS_PROVIDER: 'vonage', VONAGE_API_KEY: 'k' }, 'VONAGE_FROM is not set: vonage needs it'],
  ])('when %s, then it is refused with the reason', (_what, changes, line) => {
    expect(() => read({ ...twilio, ...changes })).toThrow(line);
    expect(() => read({ ...twilio, ...changes })).not.toThrow('hidden');
  });

  test('when the turn and promotions have one each, then that is well', () => {
    expect(read({ ...twilio, TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID: service })).toMatchObject({
      SMS_PROVIDER: 'twilio',
      TWILIO_VALIDITY_SECONDS: 3_600,
    });
  });
});

describe('the fallback', () => {
  test('when it lacks what it needs, then that is named', () => {
    const lines = ['SMS_WEBHOOK_URL is not set: webhook needs it', 'SMS_WEBHOOK_SECRET is not set: webhook needs it'];

    expect(() => read({ ...twilio, SMS_FALLBACK_PROVIDER: 'webhook' })).toThrow(lines.join('\n  '));
  });

  test('when it is the provider itself, then it is refused', () => {
    expect(() => read({ ...twilio, SMS_FALLBACK_PROVIDER: 'twilio' })).toThrow(
      'SMS_FALLBACK_PROVIDER is wrong: another provider than SMS_PROVIDER is expected',
    );
  });

  test('when it has all, then it takes over after a minute unless told otherwise', () => {
    expect(read({ ...twilio, ...webhook, SMS_PROVIDER: 'twilio', SMS_FALLBACK_PROVIDER: 'webhook' })).toMatchObject({
      SMS_FALLBACK_AFTER_MS: 60_000,
    });
  });
});

test.each([
  ['https://turno.example/', 'https://turno.example'],
  ['https://turno.example/sms', 'https://turno.example/sms'],
])('when callbacks come to %s, then their addresses begin with %s', (url, base) => {
  expect(read({ SMS_PROVIDER: 'inbox', SMS_CALLBACK_URL: url })).toMatchObject({ SMS_CALLBACK_URL: base });
});

test.each(['https://user:hidden@turno.example', 'https://turno.example/?a=b', 'ftp://turno.example'])(
  'when callbacks are to come to %s, then it is refused',
  (url) => {
    expect(() => read({ SMS_PROVIDER: 'inbox', SMS_CALLBACK_URL: url })).toThrow('SMS_CALLBACK_URL is wrong: ');
  },
);
