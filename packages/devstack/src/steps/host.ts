import { execFile } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openHostFolder } from '../servers/host-folder.ts';
import { startMongod } from '../servers/mongod.ts';
import { startRedis } from '../servers/redis.ts';
import { startRabbitmqNode, type RabbitmqPrograms } from '../servers/rabbitmq-node.ts';
import { Unavailable, type Step, type StepMaker } from './step.ts';

const run = promisify(execFile);

/** The oldest releases the product is built for. */
const oldestRabbitmq = [4, 3];
const oldestMongod = [8, 0];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The full path of a program, or nothing. */
export function findProgram(name: string, path: string | undefined): string | undefined {
  const folders = (path ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Compares number by number: 4.10 is newer than 4.3. */
export function isAtLeast(version: string, oldest: readonly number[]): boolean {
  const numbers = version.split('.').map(Number);
  for (const [place, least] of oldest.entries()) {
    const number = numbers[place] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}

function requireAtLeast(name: string, version: string, oldest: readonly number[]): string {
  if (isAtLeast(version, oldest)) return version;
  throw new Unavailable(`${name} ${version} is older than ${oldest.join('.')}`, { surprising: true });
}

async function mongodVersion(mongod: string): Promise<string> {
  const { stdout } = await run(mongod, ['--version'], { timeout: 15_000 }).catch((error: Error) => {
    throw new Unavailable(`mongod does not run: ${error.message}`, { surprising: true });
  });
  return requireAtLeast('mongod', /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? '0', oldestMongod);
}

/** Debian's rabbitmq-server on the PATH is a wrapper that insists on its user and folders; RabbitMQ's own scripts do not. */
const debianScripts = '/usr/lib/rabbitmq/bin';

/** From its folder's name. Asking `rabbitmqctl version` would leave an Erlang port mapper running on the host. */
export function rabbitmqVersionOf(scripts: string): string | undefined {
  return /rabbitmq(?:_server)?[-/](\d+\.\d+\.\d+)/.exec(scripts)?.[1];
}

function findRabbitmq(path: string | undefined): RabbitmqPrograms {
  const server = findProgram('rabbitmq-server', path);
  if (!server) throw new Unavailable('no rabbitmq-server on the PATH');
  const epmd = findProgram('epmd', path);
  if (!epmd) throw new Unavailable('rabbitmq-server is on the PATH, but epmd is not', { surprising: true });
  const isWrapper = server.startsWith('/usr/') && isExecutable(join(debianScripts, 'rabbitmq-server'));
  const scripts = dirname(realpathSync(isWrapper ? join(debianScripts, 'rabbitmq-server') : server));
  const version = rabbitmqVersionOf(scripts);
  if (!version) throw new Unavailable(`the version of ${scripts}/rabbitmq-server is not known`, { surprising: true });
  return { version: requireAtLeast('rabbitmq-server', version, oldestRabbitmq), scripts, epmd };
}

/** Step 3: servers installed on this host, as children with their own ports and data. */
export const hostStep: StepMaker = (context): Step => {
  const path = context.environment['PATH'];
  return {
    name: 'this host',
    async broker() {
      const programs = findRabbitmq(path);
      return startRabbitmqNode(context, await openHostFolder(context, 'rabbitmq'), programs);
    },
    async database() {
      const mongod = findProgram('mongod', path);
      if (!mongod) throw new Unavailable('no mongod on the PATH');
      const version = await mongodVersion(mongod);
      return startMongod(context, await openHostFolder(context, 'mongodb'), mongod, version);
    },
    async redis() {
      const program = findProgram('redis-server', path) ?? findProgram('valkey-server', path);
      if (!program) throw new Unavailable('neither redis-server nor valkey-server on the PATH');
      return startRedis(context, await openHostFolder(context, 'redis'), program);
    },
  };
};
