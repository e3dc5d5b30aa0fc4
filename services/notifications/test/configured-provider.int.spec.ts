import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger, readConfig } from '@turno/shared';
import { eventually, fetchOnce } from '@turno/testing';
import { notificationsConfig, startNotifications } from '../src/index.ts';
import { EventPublisher } from './event-publisher.ts';
import { Notifying } from './notifying.ts';
import { accountSid, authToken, TwilioApi } from './stand-ins/twilio-api.ts';
import { eventOfTicket } from './ticket-created.ts';

const silent = createLogger('spec', 'silent');

let notifying: Notifying;
let api: TwilioApi;
let publisher: EventPublisher;
let service: Awaited<ReturnType<typeof startNotifications>>;

beforeEach(async () => {
  notifying = await Notifying.open('configured-provider');
  api = await TwilioApi.open();
  const { amqpUrl, mongoUrl } = notifying.servers;
  publisher = await EventPublisher.open(amqpUrl);
  const config = readConfig(notificationsConfig, {
    AMQP_URL: amqpUrl,
    NOTIFICATIONS_MONGO_URL: mongoUrl,
    NOTIFICATIONS_PORT: '0',
    NOTIFICATIONS_OPS_PORT: '0',
    SMS_PROVIDER: 'twilio',
    SMS_FALLBACK_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: 'http://127.0.0.1:9/',
    SMS_WEBHOOK_SECRET: 'YSBzZWNyZXQgb2Ygc3BlY3MgZm9yIGl0IGFsbA==',
    SMS_CALLBACK_URL: 'https://turno.example',
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: '+15005550006',
  });
  service = await startNotifications(config, silent, { smsApiBase: api.base });
});

afterEach(async () => {
  await service.stop();
  await api.close();
  await publisher.close();
  await notifying.dispose();
});

test('when Twilio is the provider, then an event becomes an SMS there, held off while it throttles, and metrics tell', async () => {
  const event = eventOfTicket();
  const throttled = { status: 429, headers: { 'retry-after': '1' }, body: { code: 20429, status: 429, message: '' } };
  const times: number[] = [];
  api.otherwise = () => (times.push(performance.now()) === 1 ? throttled : undefined);

  await publisher.publish(event);

  const record = await eventually(async () => {
    const found = await notifying.records.find(event.id);
    return found?.state === 'SENT' ? found : undefined;
  });
  expect(record).toMatchObject({ provider: 'twilio', providerId: expect.stringMatching(/^SM/) });
  expect(new URLSearchParams(api.requests.at(-1)!.body).get('StatusCallback')).toBe(
    `https://turno.example/callbacks/twilio?key=${event.id}`,
  );
  expect(times).toHaveLength(2);
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
  const metrics = await (await fetchOnce(`http://127.0.0.1:${service.opsPort}/metrics`)).text();
  expect(metrics).toContain('turno_sms_breaker_state 0');
  expect(metrics).toContain('turno_sms_fallback_in_use 0');
});
