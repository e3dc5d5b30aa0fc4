import { join } from 'node:path';
import { freePort } from '../ports.ts';
import type { StackContext } from '../stack-context.ts';
import { answersMongo, untilItAnswers } from './answers.ts';
import { Child } from './child.ts';
import type { Installation } from './installation.ts';
import type { ManagedDatabase } from './server.ts';

const bootMs = 60_000;
const stopMs = 15_000;

function prepare(context: StackContext, installation: Installation, mongod: string, port: number): Child {
  const { folder, path } = installation;
  const args = [
    '--dbpath',
    join(folder, 'mongodb'),
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--nounixsocket',
  ];
  return new Child(context, {
    name: 'mongod',
    ...installation.command(mongod, [...args, '--wiredTigerCacheSizeGB', '0.5']),
    env: { PATH: path, HOME: folder },
    logFile: join(folder, 'mongod.log'),
  });
}

/** A standalone mongod on loopback, without authentication. */
export async function startMongod(
  context: StackContext,
  installation: Installation,
  program: string,
  version: string,
): Promise<ManagedDatabase> {
  const port = await freePort();
  await installation.makeFolder('mongodb');
  const mongod = prepare(context, installation, program, port);
  const mongoUrl = `mongodb://127.0.0.1:${port}`;
  const database: ManagedDatabase = {
    description: `MongoDB ${version} ${installation.origin}, at ${mongoUrl}`,
    mongoUrl,
    async start() {
      if (!mongod.isRunning) mongod.start();
      await untilItAnswers(
        () => answersMongo(mongoUrl, 2_000),
        bootMs,
        () => !mongod.isRunning,
      );
      mongod.mustRun();
    },
    stop: () => mongod.end('SIGTERM', stopMs),
    kill: () => mongod.end('SIGKILL', 0),
    pause: () => mongod.pause(),
    resume: async () => mongod.resume(),
    dispose: () => mongod.end(context.keepData ? 'SIGTERM' : 'SIGKILL', stopMs),
  };
  context.onEnd(() => database.dispose());
  await database.start();
  return database;
}
