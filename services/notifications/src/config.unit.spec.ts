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

describe('the inbox page', () => {
  test('when a segment has a price, then it is an amount and a currency, or the variable is named', () => {
    const inbox = { SMS_PROVIDER: 'inbox' };

    expect(read({ ...inbox, INBOX_PRICE_PER_SEGMENT: '0.035 USD' })).toMatchObject({
      INBOX_PRICE_PER_SEGMENT: '0.035 USD',
    });
    expect(() => read({ ...inbox, INBOX_PRICE_PER_SEGMENT: 'cheap' })).toThrow('INBOX_PRICE_PER_SEGMENT is wrong: ');
  });
});
