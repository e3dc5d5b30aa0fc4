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
    const lines = ['SMS_WEBHOOK_URL is not set', 'SMS_WEBHOOK_SECRET is not set'];

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
