import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { BrokerConnection, brokerRights, createLogger, ticketCreatedSubscription } from '@turno/shared';
import { eventually } from '@turno/testing';
import { BrokerAccounts } from '../src/broker-accounts.ts';
import { migrate } from '../src/migrate-command.ts';
import { requestManagement } from './management.ts';
import { Patient, saws } from './patient.ts';

const silent = createLogger('spec', 'silent');

let patient: Patient;

beforeAll(async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  patient = await Patient.open('doctor-broker');
});

afterAll(async () => {
  jest.restoreAllMocks();
  await patient.close();
});

test('when the password is wrong, then the user is named, the password is not, and the others are looked at', async () => {
  const { code, bad, findings } = await patient.examined({
    env: { ...patient.env, AMQP_URL: withPassword(patient.env['AMQP_URL']!, 'hidden') },
  });

  expect(code).toBe(1);
  expect(bad[0]).toMatchObject({ area: 'broker', mend: expect.stringContaining('set AMQP_URL') });
  expect(bad[0]!.saw).toMatch(/refuses the user guest: wrong name or password/);
  expect(JSON.stringify(findings)).not.toContain('hidden');
  expect(saws(findings)).toMatch(/MongoDB 8/);
});

test('when nobody answers at all, then each address is told within seconds', async () => {
  const nowhere = '127.0.0.1:9';

  const { bad } = await patient.examined({
    env: {
      AMQP_URL: `amqp://${nowhere}`,
      AMQP_MANAGEMENT_URL: `http://${nowhere}`,
      TICKETING_MONGO_URL: `mongodb://${nowhere}/ticketing`,
      NOTIFICATIONS_MONGO_URL: `mongodb://${nowhere}/notifications`,
    },
  });

  const mends = bad.map(({ mend }) => mend).join('\n');
  for (const variable of ['AMQP_URL', 'AMQP_MANAGEMENT_URL', 'TICKETING_MONGO_URL', 'NOTIFICATIONS_MONGO_URL']) {
    expect(mends).toContain(`set ${variable}`);
  }
});

test('when a policy makes events expire, then policy and queue are named, and how to be rid of it', async () => {
  const policy = `/api/policies/${patient.servers.vhost}/short-lived`;
  const definition = { 'message-ttl': 60_000, 'queue-leader-locator': 'balanced' };
  await requestManagement('PUT', policy, { pattern: 'ticket-created$', definition, 'apply-to': 'queues' });

  const { saw, mend } = await eventually(async () => (await patient.examined()).bad[0], 15_000, 300);
  await requestManagement('DELETE', policy);

  expect(saw).toBe(
    'the policy short-lived gives notifications.ticket-created message-ttl 60000: messages would be lost',
  );
  expect(mend).toContain(`rabbitmqctl clear_policy -p ${patient.servers.vhost} short-lived`);
});

test('when an account of a service has lost its rights, then it is named, and turno accounts mends it', async () => {
  const address = new URL(patient.env['AMQP_URL']!);
  address.username = `ticketing-${patient.servers.vhost}`;
  const accounts = new BrokerAccounts(patient.env['AMQP_MANAGEMENT_URL']!);
  await accounts.make(address.href, { ...brokerRights.ticketing, read: '^$' });
  const env = { ...patient.env, TICKETING_AMQP_URL: address.href };

  const { bad } = await patient.examined({ env });
  await accounts.make(address.href, brokerRights.ticketing);
  const mended = await patient.examined({ env });
  await requestManagement('DELETE', `/api/users/${address.username}`);

  expect(bad.map(({ saw, mend }) => [saw, mend])).toContainEqual([
    `the rights of the account ${address.username} to read are not those of ticketing`,
    'turno accounts',
  ]);
  expect(saws(mended.findings)).toContain(`the account ${address.username} has the rights of ticketing, and no others`);
});

test('when the management API is not named, then a warning says what was not checked, and which variable to set', async () => {
  const { code, findings } = await patient.examined({ env: { ...patient.env, AMQP_MANAGEMENT_URL: '' } });

  expect(code).toBe(0);
  expect(findings).toContainEqual(
    expect.objectContaining({
      level: 'warning',
      saw: expect.stringContaining('policies'),
      mend: expect.stringContaining('AMQP_MANAGEMENT_URL'),
    }),
  );
});

test('when a queue is gone, then it is not made again by looking', async () => {
  const { queue } = ticketCreatedSubscription;
  await requestManagement('DELETE', `/api/queues/${patient.servers.vhost}/${queue.name}`);

  const first = await patient.examined();
  const second = await patient.examined();
  await migrate();

  for (const { bad } of [first, second]) {
    expect(bad).toEqual([
      { area: 'broker', level: 'error', saw: `the queue ${queue.name} is not there`, mend: 'turno migrate' },
    ]);
  }
});

test('when a dead letter waits, then it is counted, and the command that shows it is told', async () => {
  await publishTo(ticketCreatedSubscription.deadLetterQueue.name);

  const { code, findings } = await patient.examined();

  expect(code).toBe(0);
  expect(findings.find(({ area }) => area === 'dead letters')).toMatchObject({
    level: 'warning',
    saw: '1 in notifications.ticket-created.dead',
    mend: expect.stringContaining('turno dead-letters list'),
  });
});

function withPassword(url: string, password: string): string {
  const changed = new URL(url);
  changed.username ||= 'guest';
  changed.password = password;
  return changed.href;
}

async function publishTo(queue: string): Promise<void> {
  const connection = await BrokerConnection.open({ url: patient.servers.amqpUrl, name: 'spec', logger: silent });
  const channel = await (await connection.up()).createConfirmChannel();
  channel.sendToQueue(queue, Buffer.from('{}'));
  await channel.waitForConfirms();
  await connection.close();
}
