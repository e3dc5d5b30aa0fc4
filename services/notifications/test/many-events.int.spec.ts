import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, randomId } from '@turno/shared';
import PQueue from 'p-queue';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { DeliverSms, NewSms } from '../src/domain/deliver-sms.ts';
import type { SmsRecord } from '../src/domain/sms-record.ts';
import { GuardedProvider } from '../src/sms/guarded-provider.ts';
import type { SmsProvider } from '../src/sms/sms-provider.ts';
import { Notifying } from './notifying.ts';
import { configured } from './port-benches.ts';
import { Receiver, secret } from './receiver.ts';
import type { ProviderApi, Treatment } from './stand-ins/provider-api.ts';
import * as twilio from './stand-ins/twilio-api.ts';
import * as vonage from './stand-ins/vonage-api.ts';

const seed = 20_170_220;
const timeoutMs = '1500';

type Fate = 'transient' | 'timeout' | 'timeout, though taken' | undefined;

/** What befalls the first attempts at each SMS: 10 % transient failures, 5 % timeouts, of which every other has taken it. */
const fates: readonly Fate[][] = (() => {
  const generator = xoroshiro128plus(seed);
  const roll = (): Fate => {
    const percent = uniformInt(generator, 0, 199) / 2;
    if (percent < 10) return 'transient';
    if (percent < 12.5) return 'timeout';
    return percent < 15 ? 'timeout, though taken' : undefined;
  };
  return Array.from({ length: 1_000 }, () => Array.from({ length: 5 }, roll));
})();

const phoneOf = (n: number): string => `+5190000${String(n).padStart(4, '0')}`;
const numberOf = (phone: string): number => Number(phone.slice(-4));

/** The fate of the attempt at an SMS that has just come, by its phone. */
function fateOfNextAttempt(): (phone: string) => Fate {
  const attempts = new Map<string, number>();
  return (phone) => {
    const attempt = attempts.get(phone) ?? 0;
    attempts.set(phone, attempt + 1);
    return fates[numberOf(phone)]![attempt];
  };
}

let notifications: Notifying;
beforeAll(async () => {
  notifications = await Notifying.open('many-events');
});
afterAll(() => notifications.dispose());

/** An SMS for each of so many events. */
const smsOfEvents = (count: number): NewSms[] =>
  Array.from({ length: count }, (_, n) => ({
    key: `${randomId()}.created`,
    ticketId: `ticket-${n}`,
    requestId: 'request-1',
    purpose: 'turn',
    to: phoneOf(n),
    text: `Su turno es T${n}.`,
    segments: 1,
    encoding: 'GSM-7',
  }));

/** Brings all SMS, every fourth twice at once, again and again until each is done, and then every other fourth once more. */
async function deliverAll(provider: SmsProvider, messages: readonly NewSms[]): Promise<void> {
  const limits = { maxConcurrent: 50, maxPerSecond: 0 };
  const guard = new GuardedProvider(provider, limits, createLogger('spec', 'silent'));
  const deliver = notifications.deliveringThrough(guard);
  let due = messages.flatMap((sms, n) => (n % 4 === 0 ? [sms, sms] : [sms]));
  while (due.length > 0) {
    due = await undone(deliver, due);
    notifications.pass(31);
  }
  const again = messages.filter((_sms, n) => n % 4 === 2);
  expect(await undone(deliver, again)).toEqual([]);
  guard.close();
}

/** Those whose handling was not done. */
async function undone(deliver: DeliverSms, messages: readonly NewSms[]): Promise<NewSms[]> {
  const queue = new PQueue({ concurrency: 20 });
  const outcomes = await queue.addAll(messages.map((sms) => () => deliver(sms)));
  return messages.filter((_sms, n) => outcomes[n]!.kind !== 'done');
}

/** Their records, in their order. */
async function recordsOf(messages: readonly NewSms[]): Promise<SmsRecord[]> {
  const byKey = new Map((await notifications.allRecords()).map((record) => [record.key, record]));
  return messages.map(({ key }) => byKey.get(key)!);
}

const receivedOf = (api: ProviderApi, records: readonly SmsRecord[]): number[] =>
  records.map(({ to, text }) => api.delivered(to, text));

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server.close();
});

describe('events, half of them redelivered, of which 10 % fail transiently and 5 % time out', () => {
  test('when 1,000 go to a provider that recognises keys, then each phone has its SMS, once', async () => {
    const receiver = await Receiver.open();
    closing.push(receiver);
    const fateOf = fateOfNextAttempt();
    receiver.otherwise = ({ body }) => {
      const fate = fateOf((body as { to: string }).to);
      if (fate === undefined) return undefined;
      if (fate === 'transient') return { isTaken: false, treat: (_request, response) => response.writeHead(425).end() };
      return { isTaken: fate.endsWith('taken'), treat: () => undefined };
    };
    const variables = { SMS_WEBHOOK_URL: receiver.url, SMS_WEBHOOK_SECRET: secret, SMS_WEBHOOK_TIMEOUT_MS: timeoutMs };
    const messages = smsOfEvents(1_000);

    await deliverAll(await configured('webhook', variables), messages);

    expect(messages.filter(({ key }) => receiver.deliveredUnder(key) === 0)).toEqual([]);
    expect(receiver.delivered).toBe(1_000);
    expect(new Set((await recordsOf(messages)).map(({ state }) => state))).toEqual(new Set(['SENT']));
  }, 120_000);

  test('when 200 go to a provider that can be asked, then each phone has its SMS, once', async () => {
    const api = await twilio.TwilioApi.open(() => notifications.now);
    closing.push(api);
    const throttled = { ...twilio.problem(429, 20429, 'Too many requests'), headers: { 'retry-after': '0' } };
    misbehave(api, throttled, (body) => new URLSearchParams(body).get('To')!);
    const variables = {
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_MESSAGING_SERVICE_SID: twilio.messagingServiceSid,
      TWILIO_TIMEOUT_MS: timeoutMs,
    };
    const messages = smsOfEvents(200);

    await deliverAll(await configured('twilio', variables, api.base), messages);

    const records = await recordsOf(messages);
    expect(receivedOf(api, records)).toEqual(messages.map(() => 1));
    expect(new Set(records.map(({ state }) => state))).toEqual(new Set(['SENT']));
  }, 120_000);

  test('when 100 go to one that can be asked nothing, then no phone has two, and those without are UNKNOWN', async () => {
    const api = await vonage.VonageApi.open();
    closing.push(api);
    const throttled = { ...vonage.problem(429, 'Rate limit'), headers: { 'retry-after': '0' } };
    misbehave(api, throttled, (body) => `+${(JSON.parse(body) as { to: string }).to}`);
    const account = { VONAGE_API_KEY: vonage.apiKey, VONAGE_API_SECRET: vonage.apiSecret, VONAGE_FROM: 'Turno' };
    const messages = smsOfEvents(100);

    await deliverAll(await configured('vonage', { ...account, VONAGE_TIMEOUT_MS: timeoutMs }, api.base), messages);

    const records = await recordsOf(messages);
    const received = receivedOf(api, records);
    expect(Math.max(...received)).toBe(1);
    expect(records.filter(({ state }, n) => state !== 'UNKNOWN' && !(state === 'SENT' && received[n] === 1))).toEqual(
      [],
    );
    expect(records.some(({ state }) => state === 'UNKNOWN')).toBe(true);
  }, 120_000);
});

function misbehave(api: ProviderApi, transient: Treatment, phoneIn: (body: string) => string): void {
  const fateOf = fateOfNextAttempt();
  api.otherwise = ({ method, body }) => {
    const fate = method === 'POST' ? fateOf(phoneIn(body)) : undefined;
    if (fate === undefined) return undefined;
    if (fate === 'transient') return transient;
    return fate === 'timeout' ? 'says nothing' : 'takes it and says nothing';
  };
}
