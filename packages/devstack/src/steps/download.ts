import { join } from 'node:path';
import { openHostFolder } from '../servers/host-folder.ts';
import { startMongod } from '../servers/mongod.ts';
import type { StackContext } from '../stack-context.ts';
import { Unavailable, type Step, type StepMaker } from './step.ts';

const version = '8.0.4';
const patienceMs = 180_000;

/** mongodb-memory-server has no way to be told to stop; what it still does after that ends with the supervisor. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const timeout = AbortSignal.timeout(ms);
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      timeout.addEventListener('abort', () => reject(new Error(`nothing after ${ms / 1000} s`)));
    }),
  ]);
}

async function download(context: StackContext): Promise<string> {
  context.phase(`Downloading MongoDB ${version}`);
  const { MongoBinary } = await import('mongodb-memory-server-core');
  const downloadDir = join(context.cache, 'mongodb');
  try {
    return await within(patienceMs, MongoBinary.getPath({ version, downloadDir, checkMD5: false }));
  } catch (error) {
    throw new Unavailable(`MongoDB ${version} cannot be downloaded: ${(error as Error).message}`);
  }
}

/**
 * The other half of step 3: mongodb-memory-server downloads a mongod. It is tried last, where Debian packages are impossible,
 * because it takes long to find out that it has no network (7 s, with its retries), which every start would pay.
 */
export const downloadStep: StepMaker = (context): Step => ({
  name: 'download',
  async broker() {
    throw new Unavailable('there is nothing to download RabbitMQ with');
  },
  async database() {
    const mongod = await download(context);
    return startMongod(context, await openHostFolder(context, 'mongodb'), mongod, version);
  },
  async redis() {
    throw new Unavailable('there is nothing to download Redis with');
  },
});
