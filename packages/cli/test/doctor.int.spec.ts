import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ticketModel } from '@turno/ticketing';
import { doctor } from '../src/doctor-command.ts';
import { areas } from '../src/doctor/finding.ts';
import { migrate } from '../src/migrate-command.ts';
import { Patient, saws } from './patient.ts';
import { recordingTerminal } from './recording-terminal.ts';

let patient: Patient;

beforeAll(async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  patient = await Patient.open('doctor');
});

afterAll(async () => {
  jest.restoreAllMocks();
  await patient.close();
});

describe('all is well', () => {
  test('when all is migrated and a catalogue is in force, then there is no error, and each area has its findings', async () => {
    const { code, findings, bad } = await patient.examined();

    expect([code, bad]).toEqual([0, []]);
    expect(new Set(findings.map(({ area }) => area))).toEqual(new Set(areas));
    for (const seen of [
      /RabbitMQ 4\.\d+\.\d+ at /,
      /MongoDB 8/,
      /answers within [\d.]+ ms/,
      /5 branches, imported \d+ s ago/,
    ]) {
      expect(saws(findings)).toMatch(seen);
    }
  });

  test('when it is read by a person, then each finding is a line, with its mend below where there is one', async () => {
    const { terminal, said } = recordingTerminal();

    await doctor({}, { env: patient.env, terminal });

    expect(said).toContainEqual(expect.stringMatching(/^ok {7}broker {9}RabbitMQ/));
    const warning = said.findIndex((line) => line.includes('nobody consumes notifications.ticket-created'));
    expect(said[warning + 1]).toMatch(/^ +-> start notifications$/);
    expect(said.at(-1)).toMatch(/^Turno is well, as far as could be seen: 0 errors, \d+ warnings, \d+ in order\.$/);
  });
});

describe('the configuration', () => {
  test('when variables are missing, wrong or misspelt, then each is named, and no value is told', async () => {
    const { code, findings } = await patient.examined({
      env: {
        ...patient.env,
        SMS_PROVIDER: 'webhook',
        SMS_WEBHOOK_SECRET: 'hidden',
        RPC_TIMEOUT_MS: 'soon',
        SMS_RETENTION: '7',
      },
    });

    expect(code).toBe(1);
    for (const told of [
      'notifications: SMS_WEBHOOK_SECRET is wrong: ',
      'gateway: RPC_TIMEOUT_MS is wrong: a whole number is expected',
      'SMS_RETENTION is set, and no service knows it',
    ]) {
      expect(saws(findings)).toContain(told);
    }
    expect(JSON.stringify(findings)).not.toContain('hidden');
  });

  test('when nothing of notifications is set here, then that is a warning: it runs with an environment of its own', async () => {
    const { code, findings } = await patient.examined({ env: { ...patient.env, SMS_PROVIDER: '' } });

    expect(code).toBe(0);
    expect(saws(findings)).toContain('notifications: none of its own variables is set here');
  });

  test('when a file of variables is named, then it counts before the environment', async () => {
    const envFile = join(tmpdir(), `turno-doctor-${process.pid}.env`);
    await writeFile(envFile, 'SMS_PROVIDER=pigeon\n');

    const { bad } = await patient.examined({}, { envFile });
    await rm(envFile);

    expect(saws(bad)).toContain('notifications: SMS_PROVIDER is wrong');
  });
});

describe('the database', () => {
  test('when an index was dropped and another one made by hand, then both are named with their mend', async () => {
    const tickets = patient.database.db!.collection('tickets');
    await tickets.dropIndex('unpublished');
    await tickets.createIndex({ language: 1 }, { name: 'by_hand' });

    const { bad, findings } = await patient.examined();
    await tickets.dropIndex('by_hand');
    await migrate();

    expect(bad).toEqual([
      expect.objectContaining({
        saw: "ticketing's database lacks the index tickets.unpublished",
        mend: 'turno migrate',
      }),
    ]);
    expect(findings.find(({ saw }) => saw.includes('tickets.by_hand'))).toMatchObject({
      level: 'warning',
      mend: expect.stringContaining('db.tickets.dropIndex("by_hand")'),
    });
    expect((await patient.examined()).bad).toEqual([]);
  });

  test('when an event has waited for two minutes, then the outbox is in error', async () => {
    const since = new Date(Date.now() - 120_000);
    const pending = { _id: 'ticket-1', unpublishedSince: since };
    await ticketModel(patient.database).collection.insertOne(pending as never);

    const { bad } = await patient.examined();
    await ticketModel(patient.database).collection.deleteOne({ _id: 'ticket-1' as never });

    expect(bad).toEqual([
      expect.objectContaining({
        area: 'outbox',
        saw: expect.stringContaining('1 events wait to be published, the oldest for 2'),
      }),
    ]);
  });
});

test("when this machine's clock is five seconds ahead, then it is told of the broker and both databases", async () => {
  const { code, bad } = await patient.examined({ clock: () => new Date(Date.now() + 5_000) });

  expect(code).toBe(1);
  expect(bad.map(({ area }) => area)).toEqual(['clock', 'clock', 'clock']);
  expect(saws(bad)).toMatch(/this machine's clock is \d(\.\d)? s ahead of the broker's/);
  expect(bad[0]!.mend).toContain('NTP');
});

test('when the provider refuses the credentials, then the variables are named and the token is not', async () => {
  const twilio = {
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'hidden',
    TWILIO_FROM: '+15005550006',
  };
  const body = JSON.stringify({ code: 20003, message: 'Authenticate', status: 401 });
  const stranger = createServer((_request, response) =>
    response.writeHead(401, { 'content-type': 'application/json' }).end(body),
  );
  await once(stranger.listen(0, '127.0.0.1'), 'listening');
  const smsApiBase = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;

  const { bad } = await patient.examined({ env: { ...patient.env, ...twilio }, smsApiBase });
  stranger.close();

  expect(bad).toEqual([
    expect.objectContaining({ area: 'provider', mend: expect.stringContaining('TWILIO_AUTH_TOKEN') }),
  ]);
  expect(JSON.stringify(bad)).not.toContain('hidden');
});
