import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@turno/testing';
import { freePorts } from '../../e2e/free-ports.ts';
import { memoryOptions, memoryVariables } from '../../e2e/memory-options.ts';
import { noLimits } from '../../scripts/start/no-limits.ts';
import { root, Spawned } from '../processes/spawned.ts';
import { networkFile } from './network.ts';
import { stopServices, type ServiceName, type Surroundings, type System } from './system.ts';

const run = promisify(execFile);
const startsWithinMs = 20_000;
const lookEveryMs = 5;

/** As images run it: built JavaScript. */
const built = '--conditions=built';

/** Builds what images run, where a source has changed. */
export async function buildTurno(): Promise<void> {
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'tsconfig.build.json'], { cwd: root });
}

/**
 * Installs Turno (`turno migrate`, the bench's catalogue) and starts its three services in production mode, as their images
 * do. Apart from addresses the configuration is the default but for what one load generator would run into: nobody is asked who
 * they are, and callers are not limited, as under `npm start`.
 */
export async function startTurno(surroundings: Surroundings): Promise<System> {
  const { servers, via = (_service, _server, url) => url, logFolder, nodeOptions = [] } = surroundings;
  const ports = await choosePorts();
  const env = { ...variablesOf(surroundings), ...ports.variables };
  await install(env, logFolder);
  const startUpMs: Partial<Record<ServiceName, number>> = {};
  const start = async (service: ServiceName): Promise<Spawned> => {
    const startedAt = performance.now();
    const process = new Spawned(service, {
      args: [built, ...memoryOptions[service], ...nodeOptions, `services/${service}/dist/start.js`],
      env: {
        ...env,
        ...memoryVariables,
        AMQP_URL: via(service, 'broker', servers.amqpUrl),
        TICKETING_MONGO_URL: via(service, 'database', servers.mongoUrl),
        NOTIFICATIONS_MONGO_URL: via(service, 'database', servers.mongoUrl),
      },
      logFile: join(logFolder, `turno-${service}.log`),
    });
    await eventually(() => isReady(process, ports.ops[service]), startsWithinMs, lookEveryMs);
    startUpMs[service] = performance.now() - startedAt;
    return process;
  };
  const [ticketing, notifications, gateway] = [
    await start('ticketing'),
    await start('notifications'),
    await start('gateway'),
  ];
  const services = { gateway, ticketing, notifications };
  return {
    name: 'turno',
    apiUrl: `http://127.0.0.1:${ports.api}`,
    services,
    startUpMs: startUpMs as System['startUpMs'],
    servers,
    eventQueue: 'notifications.ticket-created',
    stop: () => stopServices(services),
  };
}

async function isReady(process: Spawned, opsPort: number): Promise<boolean> {
  process.mustRun();
  return (await fetch(`http://127.0.0.1:${opsPort}/readyz`)).ok;
}

async function choosePorts() {
  const [api, callbacks, gateway, ticketing, notifications] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const variables = {
    GATEWAY_PORT: String(api),
    NOTIFICATIONS_PORT: String(callbacks),
    GATEWAY_OPS_PORT: String(gateway),
    TICKETING_OPS_PORT: String(ticketing),
    NOTIFICATIONS_OPS_PORT: String(notifications),
  };
  return { api, variables, ops: { gateway, ticketing, notifications } };
}

function variablesOf({ servers, providerUrl }: Surroundings): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    GATEWAY_HOST: '127.0.0.1',
    // As under `npm start`: what a key costs is a measurement of its own.
    AUTH: 'none',
    ...noLimits,
    AMQP_URL: servers.amqpUrl,
    TICKETING_MONGO_URL: servers.mongoUrl,
    NOTIFICATIONS_MONGO_URL: servers.mongoUrl,
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: providerUrl,
    SMS_WEBHOOK_SECRET: randomBytes(32).toString('base64'),
  };
}

async function install(env: NodeJS.ProcessEnv, folder: string): Promise<void> {
  const file = join(folder, 'network.json');
  await writeFile(file, networkFile());
  for (const command of [['migrate'], ['catalogue', 'import', '--yes', file]]) {
    const args = [built, 'packages/cli/dist/turno.js', ...command];
    await run(process.execPath, args, { cwd: root, env: { PATH: process.env['PATH'], ...env } });
  }
}
