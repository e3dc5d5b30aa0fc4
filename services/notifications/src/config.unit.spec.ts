import { describe, expect, test } from '@jest/globals';
import { readConfig } from '@turno/shared';
import { notificationsConfig } from './config.ts';
import { createSmsWriter } from './text-config.ts';

const servers = { AMQP_URL: 'amqp://broker', NOTIFICATIONS_MONGO_URL: 'mongodb://host/notifications' };
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const webhook = { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: 'https://receiver/sms', SMS_WEBHOOK_SECRET: secret };

const read = (variables: Record<string, string>) => readConfig(notificationsConfig, { ...servers, ...variables });

describe('the provider', () => {
  test('when it is the inbox, then nothing else is wanted', () => {
    expect(read({ SMS_PROVIDER: 'inbox' })).toMatchObject({ SMS_PROVIDER: 'inbox' });
  });

  test('when it is the inbox in production, then it is refused, unless that is allowed by name', () => {
    const production = { SMS_PROVIDER: 'inbox', NODE_ENV: 'production' };

    expect(() => read(production)).toThrow('INBOX_IN_PRODUCTION is not set: ');
    expect(() => read({ ...production, INBOX_IN_PRODUCTION: 'yes' })).toThrow('INBOX_IN_PRODUCTION is wrong: ');
    expect(read({ ...production, INBOX_IN_PRODUCTION: 'allowed' })).toMatchObject({ SMS_PROVIDER: 'inbox' });
    const sending = { ...webhook, NODE_ENV: 'production', SMS_COUNTRIES: 'PE' };
    expect(read(sending)).toMatchObject({ SMS_PROVIDER: 'webhook' });
  });

  test.each([
    [undefined, 90],
    ['7', 7],
    ['forever', 'forever'],
  ])('when SMS_RETENTION_DAYS is %s, then it is %s', (value, expected) => {
    const given = value === undefined ? {} : { SMS_RETENTION_DAYS: value };

    expect(read({ SMS_PROVIDER: 'inbox', ...given })).toMatchObject({ SMS_RETENTION_DAYS: expected });
  });

  test.each([
    ['SMS_RETENTION_DAYS', '0'],
    ['SMS_RETENTION_DAYS', 'never'],
    ['SMS_CALLBACK_URL', 'sms.example.com'],
    ['SMS_CALLBACK_URL', 'https://sms.example.com/?a=b'],
  ])('when %s is %s, then it is named', (name, value) => {
    expect(() => read({ SMS_PROVIDER: 'inbox', [name]: value })).toThrow(`${name} is wrong: `);
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

describe('where SMS may go', () => {
  test('when services in production send, then the countries are wanted', () => {
    const line =
      'SMS_COUNTRIES is not set: the countries whose numbers may be texted are expected, such as PE,CL, or any';

    expect(() => read({ ...webhook, NODE_ENV: 'production' })).toThrow(line);
    const inbox = { SMS_PROVIDER: 'inbox', INBOX_IN_PRODUCTION: 'allowed' };
    expect(() => read({ ...inbox, NODE_ENV: 'production' })).not.toThrow();
    expect(read({ ...webhook, NODE_ENV: 'production', SMS_COUNTRIES: 'any' })).toMatchObject({ SMS_COUNTRIES: 'any' });
  });

  test('when they name one that is none, then it is named', () => {
    expect(() => read({ SMS_PROVIDER: 'inbox', SMS_COUNTRIES: 'PE,Chile' })).toThrow(
      'SMS_COUNTRIES is wrong: "Chile" is no country; codes are those of ISO 3166, such as PE,CL; or any',
    );
  });
});

describe('what the SMS says', () => {
  const inbox = { SMS_PROVIDER: 'inbox' };

  test('when nothing is said of it, then three segments, as it is written, promotions with the turn at any hour', () => {
    expect(read(inbox)).toMatchObject({
      SMS_DEFAULT_LANGUAGE: 'es',
      SMS_MAX_SEGMENTS: 3,
      SMS_TRANSLITERATE: false,
      SMS_PROMOTIONS: 'with-turn',
      SMS_QUIET_HOURS: [],
    });
  });

  test.each([
    ['SMS_DEFAULT_LANGUAGE', 'es_PE', 'a language tag such as es or pt-BR is expected'],
    ['SMS_MAX_SEGMENTS', '0', 'Too small'],
    ['SMS_TRANSLITERATE', 'yes', 'true or false is expected'],
    ['SMS_PROMOTIONS', 'sometimes', 'Invalid option'],
    ['SMS_QUIET_HOURS', 'US=9pm', '"US=9pm" is not like US=21:00-08:00'],
  ])('when %s is %s, then it is named', (name, value, message) => {
    expect(() => read({ ...inbox, [name]: value })).toThrow(`${name} is wrong: ${message}`);
  });

  test('when the default language has no template, then it is named with those that have one', async () => {
    const config = read({ ...inbox, SMS_DEFAULT_LANGUAGE: 'pt-BR' });

    await expect(createSmsWriter(config)).rejects.toThrow(
      'SMS_DEFAULT_LANGUAGE is wrong: there is no template for pt-BR, only for en, es',
    );
  });
});

describe('OPS_TOKEN', () => {
  test('when it is not set or set to nothing, then there is none', () => {
    expect(read({ SMS_PROVIDER: 'inbox', OPS_TOKEN: '' }).OPS_TOKEN).toBeUndefined();
  });

  test.each(['hidden', 'hidden hidden hidden hidden hidden'])(
    'when it is "%s", then it is named, not shown',
    (token) => {
      expect(() => read({ SMS_PROVIDER: 'inbox', OPS_TOKEN: token })).toThrow(
        'OPS_TOKEN is wrong: at least 24 letters',
      );
      expect(() => read({ SMS_PROVIDER: 'inbox', OPS_TOKEN: token })).not.toThrow('hidden');
    },
  );
});

describe('the inbox page', () => {
  test('when a segment has a price, then it is an amount and a currency, or the variable is named', () => {
    const inbox = { SMS_PROVIDER: 'inbox' };

    expect(read({ ...inbox, INBOX_PRICE_PER_SEGMENT: '0.035 USD' })).toMatchObject({
      INBOX_PRICE_PER_SEGMENT: '0.035 USD',
    });
    expect(() => read({ ...inbox, INBOX_PRICE_PER_SEGMENT: 'cheap' })).toThrow('INBOX_PRICE_PER_SEGMENT is wrong: ');
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

test('when the inbox is to stand in for a provider, then it is refused: it sends nothing', () => {
  expect(() => read({ ...twilio, SMS_FALLBACK_PROVIDER: 'inbox' })).toThrow(
    'SMS_FALLBACK_PROVIDER is wrong: a provider that sends is expected',
  );
});

test.each(['https://user:hidden@turno.example', 'https://turno.example/?a=b', 'ftp://turno.example'])(
  'when callbacks are to come to %s, then it is refused',
  (url) => {
    expect(() => read({ SMS_PROVIDER: 'inbox', SMS_CALLBACK_URL: url })).toThrow('SMS_CALLBACK_URL is wrong: ');
  },
);
