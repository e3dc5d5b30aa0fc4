import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Isolated } from '@turno/devstack';
import { eventually, fetchOnce } from '@turno/testing';
import { Spawned } from '../../bench/processes/spawned.ts';
import { SmsReceiver } from '../faults/sms-receiver.ts';
import { freePorts } from '../free-ports.ts';
import { installDemo } from '../installation.ts';
import { memoryOptions } from '../memory-options.ts';
import { Access } from './access.ts';
import type { Target } from './attack.ts';

const services = ['ticketing', 'notifications', 'gateway'] as const;
export type ServiceName = (typeof services)[number];

const startsWithinMs = 60_000;
const pageBytes = 4_096;

/**
 * The services as processes of their own in production mode, with the limits that they have there by default. The gateway
 * alone is not told that this is production, where its issuer would have to be on https; it is told everything else.
 */
export class AttackedSystem {
  readonly ports: Readonly<Record<Target, number>>;
  readonly receiver: SmsReceiver;
  /** What no answer and no line of a log may say. */
  readonly secrets: readonly string[];
  /** Who gets in, and by what. */
  readonly access: Access;
  readonly #processes: Readonly<Record<ServiceName, Spawned>>;
  readonly #logFolder: string;

  private constructor(
    parts: Pick<AttackedSystem, 'ports' | 'receiver' | 'secrets' | 'access'> & {
      readonly processes: AttackedSystem['processes'];
      readonly logFolder: string;
    },
  ) {
    this.ports = parts.ports;
    this.receiver = parts.receiver;
    this.secrets = parts.secrets;
    this.access = parts.access;
    this.#processes = parts.processes;
    this.#logFolder = parts.logFolder;
  }

  /** Starts everything on the demo catalogue and resolves once it is ready. */
  static async start(servers: Isolated, logFolder: string): Promise<AttackedSystem> {
    await installDemo(servers);
    const receiver = await SmsReceiver.listen();
    const access = await Access.grant(servers);
    const [api, callbacks, ...ops] = (await freePorts(5)) as [number, number, number, number, number];
    const opsToken = randomBytes(24).toString('base64url');
    const env = {
      ...productionVariables(servers, receiver),
      ...access.variables,
      OPS_TOKEN: opsToken,
      GATEWAY_PORT: String(api),
      NOTIFICATIONS_PORT: String(callbacks),
      SMS_CALLBACK_URL: `http://127.0.0.1:${callbacks}`,
      ...Object.fromEntries(services.map((name, index) => [`${name.toUpperCase()}_OPS_PORT`, String(ops[index])])),
    };
    const started: Spawned[] = [];
    const start = async (name: ServiceName): Promise<Spawned> => {
      const process = new Spawned(name, {
        args: [...memoryOptions[name], `services/${name}/src/start.ts`],
        env: name === 'gateway' ? { ...env, NODE_ENV: undefined } : env,
        logFile: join(logFolder, `${name}.log`),
      });
      started.push(process);
      await eventually(() => isReady(process, ops[services.indexOf(name)]!), startsWithinMs);
      return process;
    };
    try {
      const [ticketing, notifications] = await Promise.all([start('ticketing'), start('notifications')]);
      const processes = { ticketing, notifications, gateway: await start('gateway') };
      const secrets = [receiver.secret, opsToken, servers.vhost, ...access.credentials];
      return new AttackedSystem({
        ports: { gateway: api, callbacks },
        receiver,
        secrets,
        access,
        processes,
        logFolder,
      });
    } catch (error) {
      for (const process of started) await process.stop();
      await receiver.close();
      await access.end();
      throw error;
    }
  }

  get processes(): Readonly<Record<ServiceName, Spawned>> {
    return this.#processes;
  }

  logFileOf(service: ServiceName): string {
    return join(this.#logFolder, `${service}.log`);
  }

  /** Megabytes that each service holds (RSS). @throws when one has ended by itself */
  memory(): Readonly<Record<ServiceName, number>> {
    const held = Object.entries(this.#processes).map(([name, process]) => {
      process.mustRun();
      const pages = Number(readFileSync(`/proc/${process.pid}/statm`, 'latin1').split(' ')[1]);
      return [name, Math.round((pages * pageBytes) / 1e6)];
    });
    return Object.fromEntries(held) as Record<ServiceName, number>;
  }

  /** Asks the services to stop, which writes the last lines of their logs. */
  async stop(): Promise<void> {
    for (const name of services.toReversed()) await this.#processes[name].stop();
    await this.receiver.close();
    await this.access.end();
  }
}

function productionVariables(servers: Isolated, receiver: SmsReceiver): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/node'),
    GATEWAY_HOST: '127.0.0.1',
    NOTIFICATIONS_HOST: '127.0.0.1',
    AMQP_URL: servers.amqpUrl,
    TICKETING_MONGO_URL: servers.mongoUrl,
    NOTIFICATIONS_MONGO_URL: servers.mongoUrl,
    SMS_PROVIDER: 'webhook',
    SMS_COUNTRIES: 'PE',
    SMS_WEBHOOK_URL: receiver.url,
    SMS_WEBHOOK_SECRET: receiver.secret,
  };
}

async function isReady(process: Spawned, opsPort: number): Promise<boolean> {
  process.mustRun();
  return (await fetchOnce(`http://127.0.0.1:${opsPort}/readyz`)).ok;
}
