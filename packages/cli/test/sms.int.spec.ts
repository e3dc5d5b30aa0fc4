import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SmsState } from '@turno/notifications';
import { listSms, showSms, type ListSmsOptions } from '../src/sms-commands.ts';
import { resendSms, type ResendSmsOptions } from '../src/sms-resend-command.ts';
import { recordingTerminal } from './recording-terminal.ts';
import { SmsDatabase } from './sms-database.ts';

const key = 'ticket-1.created';
const ago = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);

let database: SmsDatabase;

beforeAll(async () => {
  database = await SmsDatabase.open('cli-sms');
});
beforeEach(() => database.empty());
afterAll(() => database.dispose());

async function list(options: ListSmsOptions = {}) {
  const { terminal, said, noted } = recordingTerminal();
  await listSms(options, terminal);
  return { said, noted };
}

async function show(reveal = false): Promise<string> {
  const { terminal, said } = recordingTerminal();
  await showSms(key, { reveal }, terminal);
  return said.join('\n');
}

async function resend(options: ResendSmsOptions, answer?: boolean) {
  const { terminal, said, noted, asked } = recordingTerminal(answer);
  return { code: await resendSms(options, terminal), said, noted, asked };
}

const recordOf = (name = key) => database.records.find(name);

test('when one SMS is shown as JSON, then it is as in a list, with its earlier attempts, and masked', async () => {
  await database.add();
  const { terminal, said } = recordingTerminal();

  await showSms(key, { json: true }, terminal);

  const shown = JSON.parse(said.join('')) as Record<string, unknown>;
  expect(shown).toMatchObject({ key, state: 'FAILED', text: null, erased_at: null, earlier_attempts: [] });
  expect(shown['to']).toMatch(/^\+51\*+76$/);
});

describe('turno sms list', () => {
  test('when there are SMS, then each has a line, the newest first, without its phone and text', async () => {
    await database.add();
    await database.add({ key: 'ticket-2.created', ticketId: 'ticket-2', state: 'SENT', createdAt: new Date() });

    const [heading, first, second] = (await list()).said;

    expect(heading).toMatch(/^created +state +to +ticket +attempt +segments +key +reason$/);
    expect(first).toMatch(/^[\d-]+T[\d:]+Z +SENT +\+51\*+76 +ticket-2 +1 +1 +ticket-2\.created/);
    expect(second).toMatch(/FAILED +\+51\*+76 +ticket-1 .+ no such number: \+51\*+76$/);
  });

  test.each<[string, ListSmsOptions, string[]]>([
    ['a ticket', { ticket: 'ticket-2' }, ['ticket-2.created']],
    ['a phone', { phone: '+5199' }, ['ticket-3.created']],
    ['a state', { state: 'SENT' }, ['ticket-3.created', 'ticket-2.created']],
    ['a time', { since: ago(2.5) }, ['ticket-2.created', key]],
    ['a state and a time', { state: 'SENT', since: ago(2.5) }, ['ticket-2.created']],
  ])('when %s is named, then only those are shown', async (_what, options, expected) => {
    await database.add();
    await database.add({ key: 'ticket-2.created', ticketId: 'ticket-2', state: 'SENT', createdAt: ago(2) });
    await database.add({ key: 'ticket-3.created', to: '+5199', state: 'SENT', createdAt: ago(3) });

    const { messages } = JSON.parse((await list({ ...options, json: true })).said.join('')) as {
      messages: { key: string }[];
    };

    expect(messages.map((message) => message.key).toSorted()).toEqual(expected.toSorted());
  });

  test('when it is JSON, then phones and texts are there when they are asked for', async () => {
    await database.add();

    const masked = (await list({ json: true })).said.join('');
    const revealed = (await list({ json: true, reveal: true })).said.join('');

    expect(masked).not.toMatch(/98777|Su turno/);
    expect(JSON.parse(revealed)).toMatchObject({
      messages: [{ key, to: '+51987776576', text: 'Su turno es T2 en Hiper Central.', due_at: null }],
      more: false,
    });
  });

  test('when there are more than the limit, then it says so', async () => {
    await database.add();
    await database.add({ key: 'ticket-2.created' });

    const { said, noted } = await list({ limit: 1 });

    expect(said).toHaveLength(2);
    expect(noted).toEqual(['There are more than these 1; --limit shows more.']);
  });

  test('when there are none, then it says so', async () => {
    expect((await list({ ticket: 'other' })).said).toEqual(['There is no such SMS.']);
  });
});

describe('turno sms show', () => {
  test('when it has had several attempts, then each is told, and what happens next', async () => {
    const first = { attempt: 1, state: 'FAILED', since: ago(1), providerId: 'SM1', reason: '30003' } as const;
    await database.add({ attempt: 2, earlierAttempts: [first], state: 'SENT', providerId: 'SM2' });

    const story = await show();

    expect(story).toMatch(/^SMS ticket-1\.created\n {2}state +SENT since /);
    expect(story).toMatch(/\n {2}1 +FAILED +\S+Z +SM1 +30003\n {2}2 +SENT +\S+Z +SM2/);
    expect(story).toContain('the provider says when the phone has it');
  });

  test('when phone and text are not asked for, then they are not told, also not in a reason', async () => {
    await database.add();

    expect(await show()).not.toMatch(/98777|Su turno/);
    expect(await show(true)).toMatch(/to +\+51987776576\n.*\n +text +Su turno es T2/);
  });

  test('when it is erased, then it says when, and in which state', async () => {
    await database.add();
    await database.records.erase(new Date(), new Date('2026-11-24T17:00:00.000Z'), 10);

    expect(await show()).toMatch(/state +FAILED since .+\n +erased +2026-11-24T17:00:00.000Z/);
  });

  test('when there is none of that key, then it fails and says where the keys are', async () => {
    await expect(show()).rejects.toThrow(`there is no SMS ${key}; turno sms list shows their keys`);
  });
});

describe('turno sms resend', () => {
  test('when one is FAILED, then it is due, and given again the command says so', async () => {
    await database.add();

    const first = await resend({ key, yes: true });
    const second = await resend({ key, yes: true });

    expect(first).toMatchObject({ code: 0, said: [`${key} is due: notifications sends it within seconds.`] });
    expect(second).toMatchObject({ code: 0, said: [`${key} is to be sent already.`] });
    expect(await recordOf()).toMatchObject({ state: 'QUEUED', attempt: 2, dueAt: expect.any(Date) });
  });

  test.each<[SmsState, number]>([
    ['QUEUED', 1],
    ['SENDING', 1],
    ['UNKNOWN', 1],
  ])('when one is left %s, then it is due as it is: the sweep finds out', async (state, attempt) => {
    await database.add({ state });

    await resend({ key, yes: true });

    expect(await recordOf()).toMatchObject({ state, attempt, dueAt: expect.any(Date) });
  });

  test.each<[SmsState]>([['SENT'], ['DELIVERED']])('when one is %s, then it takes --again', async (state) => {
    await database.add({ state });

    await expect(resend({ key }, true)).rejects.toThrow('--again sends it once more');
    await resend({ key, again: true, yes: true });

    expect(await recordOf()).toMatchObject({ state: 'QUEUED', attempt: 2 });
  });

  test('when one is being sent at this moment, then it is refused', async () => {
    await database.add({ state: 'SENDING', since: new Date() });

    await expect(resend({ key, yes: true })).rejects.toThrow('is being sent at this moment');
  });

  test('when all of a state since a time are meant, then only those are due, and given again there is none', async () => {
    for (const n of [1, 2]) await database.add({ key: `failed-${n}` });
    await database.add({ key: 'old', createdAt: ago(5) });
    await database.add({ key: 'unknown', state: 'UNKNOWN' });
    const options = { state: 'FAILED', since: ago(2), yes: true } as const;

    const first = await resend(options);
    const second = await resend(options);

    expect(first).toMatchObject({ code: 0, said: ['2 SMS are due: notifications sends them within seconds.'] });
    expect(second).toMatchObject({ code: 0, said: ['There is none to be sent again.'] });
    expect([await recordOf('old'), await recordOf('unknown')].map((record) => record?.dueAt)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test.each([
    [true, 'UNKNOWN', true],
    [false, 'UNKNOWN', false],
  ] as const)(
    'when somebody answers %s, then that is done; it was said what may happen',
    async (answer, state, isDue) => {
      await database.add({ state });

      const { code, said, asked } = await resend({ state, since: ago(2) }, answer);

      expect({ code, asked }).toEqual({ code: 0, asked: ['Send 1 SMS that are UNKNOWN?'] });
      expect(said[0]).toBe('A phone may have its SMS already, and get it twice.');
      expect((await recordOf())?.dueAt !== undefined).toBe(isDue);
    },
  );

  test.each<[string, ResendSmsOptions]>([
    ['name the SMS in one way', { yes: true }],
    ['name the SMS in one way', { key, state: 'FAILED', since: new Date(), yes: true }],
    ['name the SMS in one way', { key, ticket: 'ticket-1', yes: true }],
    ['--state wants --since', { state: 'FAILED', yes: true }],
    ['--again is for one SMS', { state: 'FAILED', since: new Date(), again: true, yes: true }],
    ['takes --yes', { key }],
    ['there is no SMS other', { key: 'other', yes: true }],
  ])('when it cannot be done, as "%s", then it teaches and nothing is due', async (words, options) => {
    await database.add();

    await expect(resend(options)).rejects.toThrow(words);

    expect(await recordOf()).toMatchObject({ state: 'FAILED' });
  });
});
