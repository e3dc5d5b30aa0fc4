import type { ServerName } from './messages.ts';
import { debianStep } from './steps/debian.ts';
import { dockerStep } from './steps/docker.ts';
import { downloadStep } from './steps/download.ts';
import { environmentStep } from './steps/environment.ts';
import { hostStep } from './steps/host.ts';
import { Unavailable, type Step, type StepMaker } from './steps/step.ts';

/** In the order they are tried. A name may stand for more than one of them. */
const steps: readonly (readonly [name: string, step: StepMaker])[] = [
  ['env', environmentStep],
  ['docker', dockerStep],
  ['host', hostStep],
  ['debian', debianStep],
  ['host', downloadStep],
];

const waysOut = {
  broker:
    'Ways out: name a running RabbitMQ 4.3 or newer in AMQP_URL, start a Docker Engine, install rabbitmq-server 4.3 or newer, or run as root on a machine with apt and a Debian mirror.',
  redis:
    'Ways out: name a running Redis or Valkey in REDIS_URL, start a Docker Engine, install redis-server or valkey-server, or run as root on a machine with apt and a Debian mirror.',
  database:
    'Ways out: name a running MongoDB 8 in MONGO_URL, start a Docker Engine, install mongod, or run as root on a machine with apt and a Debian mirror.',
};

/**
 * The steps to try, in order. `TURNO_DEVSTACK=env|docker|host|debian` leaves only that one: for CI, which wants to know what
 * it tested, and for trying one out.
 */
export function stepsToTry(forced: string | undefined): StepMaker[] {
  const chosen = steps.filter(([name]) => !forced || name === forced).map(([, step]) => step);
  if (chosen.length > 0) return chosen;
  const known = [...new Set(steps.map(([name]) => name))].join(', ');
  throw new Error(`TURNO_DEVSTACK is "${forced}", but may only be one of ${known}`);
}

const names = { broker: 'RabbitMQ', database: 'MongoDB', redis: 'Redis' };

/** The server from the first step that can give it. */
export async function choose<Server>(
  server: ServerName,
  candidates: readonly Step[],
  get: (step: Step) => Promise<Server>,
  say: (line: string) => void,
): Promise<Server> {
  const reasons: string[] = [];
  for (const step of candidates) {
    try {
      return await get(step);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      reasons.push(`${step.name}: ${error.message}`);
      if (error.surprising) say(`No ${names[server]} from ${step.name}: ${error.message}`);
    }
  }
  throw new Error(
    [`No ${names[server]} can be had here.`, ...reasons.map((r) => `  - ${r}`), waysOut[server]].join('\n'),
  );
}
