import { join } from 'node:path';
import { freePort } from '../ports.ts';
import type { StackContext } from '../stack-context.ts';
import { answersRedis, untilItAnswers } from './answers.ts';
import { Child } from './child.ts';
import type { Installation } from './installation.ts';
import type { ManagedRedis } from './server.ts';

const bootMs = 10_000;
const stopMs = 5_000;

/** A Redis, or a Valkey, on loopback that keeps nothing on disk. */
export async function startRedis(
  context: StackContext,
  installation: Installation,
  program: string,
): Promise<ManagedRedis> {
  const port = await freePort();
  await installation.makeFolder('redis');
  const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', daemonize: 'no' };
  const args = Object.entries({ ...settings, dir: `${installation.folderInside}/redis` });
  const child = new Child(context, {
    name: 'redis-server',
    ...installation.command(
      program,
      args.flatMap(([name, value]) => [`--${name}`, value]),
    ),
    env: { PATH: installation.path, LANG: 'C.UTF-8' },
    logFile: join(installation.folder, 'redis', 'redis-server.out'),
  });
  const redisUrl = `redis://127.0.0.1:${port}`;
  const answers = async () => {
    child.mustRun();
    await answersRedis(redisUrl, 2_000);
  };
  const redis: ManagedRedis = {
    description: `Redis ${installation.origin}, at ${redisUrl}`,
    redisUrl,
    async start() {
      if (!child.isRunning) child.start();
      await untilItAnswers(answers, bootMs, () => !child.isRunning);
    },
    stop: () => child.end('SIGTERM', stopMs),
    kill: () => child.end('SIGKILL', 0),
    pause: () => child.pause(),
    resume: async () => child.resume(),
    dispose: () => child.end('SIGKILL', 0),
  };
  context.onEnd(() => redis.dispose());
  await redis.start();
  return redis;
}
