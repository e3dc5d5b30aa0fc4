import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { openApiDocument } from '@turno/gateway';
import { conformingFetch, eventually, fetchOnce } from '@turno/testing';
import { freePorts } from './free-ports.ts';

const root = join(import.meta.dirname, '..');
const sample = { branch_id: '27b6', sector_id: 's8', service_id: '7b6', channel: 'mobile', customer_id: 'a9087s902m' };

/** `npm start` itself, on the servers of this test run: they are named in the environment, as an operator's would be. */
class NpmStart {
  output = '';
  readonly #process: ChildProcess;
  readonly #ports: readonly number[];

  constructor(servers: Isolated, ports: readonly number[]) {
    const [api, inbox, gatewayOps, ticketingOps, notificationsOps] = ports.map(String);
    this.#ports = ports;
    this.#process = spawn('npm', ['--silent', 'start'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        LOG_LEVEL: 'info',
        // The servers are named below, whatever this run was told to take its own from.
        TURNO_DEVSTACK: '',
        AMQP_URL: servers.amqpUrl,
        MONGO_URL: new URL('/', servers.mongoUrl).href,
        TICKETING_MONGO_URL: servers.mongoUrl,
        NOTIFICATIONS_MONGO_URL: servers.mongoUrl,
        GATEWAY_PORT: api,
        NOTIFICATIONS_PORT: inbox,
        GATEWAY_OPS_PORT: gatewayOps,
        TICKETING_OPS_PORT: ticketingOps,
        NOTIFICATIONS_OPS_PORT: notificationsOps,
      },
    });
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  async isUp(): Promise<void> {
    await eventually(() => this.output.includes('Turno is up') || this.#process.exitCode !== null, 60_000);
    if (this.#process.exitCode !== null) throw new Error(`npm start ended early:\n${this.output}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async hasEnded(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit');
    // Its services are processes of their own: none of them may still hold its port.
    await eventually(async () => (await Promise.all(this.#ports.map(answers))).every((alive) => !alive), 20_000);
  }
}

async function answers(port: number): Promise<boolean> {
  return fetchOnce(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}

let servers: Isolated;
let ports: number[];
let started: NpmStart;

beforeAll(async () => {
  servers = await isolateForTest('npm-start');
  ports = await freePorts(5);
  started = new NpmStart(servers, ports);
  await started.isUp();
}, 90_000);

afterAll(async () => {
  started.kill('SIGKILL');
  await started.hasEnded();
  await servers.dispose();
}, 60_000);

test('when npm start says that it is up, then its own curl makes a ticket, and the SMS is in the inbox within 2 s', async () => {
  const [api, inbox] = ports;

  const answer = await conformingFetch(openApiDocument(), `http://127.0.0.1:${api}`)('/customer/v1/tickets', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sample),
  });

  const ticket = (await answer.json()) as { id: string; number: number };
  expect(answer.status).toBe(201);
  expect(started.output).toContain(`-d '${JSON.stringify(sample)}'`);
  await eventually(async () => {
    const messages = await fetchOnce(`http://127.0.0.1:${inbox}/inbox/messages`);
    return (await messages.text()).includes(ticket.id);
  }, 2_000);
});

test('when it is up, then somebody waits at the congested branch of the demo', async () => {
  const branch = await fetchOnce(`http://127.0.0.1:${ports[0]}/customer/v1/branches/44c9`);

  expect(await branch.json()).toMatchObject({ name: 'Cusco Plaza de Armas', congestion_level: 'HIGH' });
});

test('when it is up, then the console that it names opens', async () => {
  const [, , gatewayOps] = ports;
  const address = `http://127.0.0.1:${gatewayOps}/console`;

  expect(started.output).toContain(address);
  expect(await (await fetchOnce(address)).text()).toContain('Turno console');
});

test('when it is up, then all three services are ready', async () => {
  const readiness = await Promise.all(ports.slice(2).map((port) => fetchOnce(`http://127.0.0.1:${port}/readyz`)));

  expect(readiness.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('when npm gets SIGTERM, then everything ends in order', async () => {
  started.kill('SIGTERM');

  await eventually(async () => started.output.includes('Everything is down.'));
  await started.hasEnded();
  expect(started.output).toMatch(/gateway: stopped.*ticketing: stopped/s);
});

test('when npm is killed with -9, then nothing of it stays', async () => {
  started = new NpmStart(servers, ports);
  await started.isUp();

  started.kill('SIGKILL');
  await started.hasEnded();

  expect(await Promise.all(ports.map(answers))).toEqual(ports.map(() => false));
}, 120_000);
