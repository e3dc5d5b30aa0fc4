import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@turno/testing';
import type { Stack } from '../src/index.ts';
import { isRunning, type ProcessIdentity } from '../src/processes.ts';
import { answersAmqp, answersMongo } from '../src/servers/answers.ts';
import { ledgerOf, runningProcessesOf, startSecondStack } from './second-stack.ts';

type Urls = Pick<Stack, 'amqpUrl' | 'managementUrl' | 'mongoUrl'>;

const startMs = 120_000;

async function startOwner(name: string): Promise<{ owner: ChildProcess; urls: Urls }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const owner = fork(join(import.meta.dirname, 'stack-owner.ts'), [name], { env, execArgv: ['--no-warnings'] });
  const [urls] = (await once(owner, 'message')) as [Urls];
  return { owner, urls };
}

async function expectNothingLeft(name: string, urls: Urls, written: readonly ProcessIdentity[]): Promise<void> {
  await eventually(() => runningProcessesOf(name, written).length === 0);
  await eventually(() => ledgerOf(name) === undefined);
  await expect(answersAmqp(urls.amqpUrl, 1_000)).rejects.toThrow('ECONNREFUSED');
  await expect(answersMongo(urls.mongoUrl, 1_000)).rejects.toThrow('ECONNREFUSED');
}

describe('when the owner of a stack is killed', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'with %s, nothing of the stack remains',
    async (signal) => {
      const { owner, urls } = await startOwner('killed-owner');
      const { processes = [], supervisor } = ledgerOf('killed-owner') ?? {};
      expect(supervisor && isRunning(supervisor)).toBe(true);

      owner.kill(signal);

      await expectNothingLeft('killed-owner', urls, processes);
    },
    startMs,
  );
});

describe('when the supervisor of a stack is killed', () => {
  it(
    'the next start puts away what it left, and works',
    async () => {
      const { owner, urls } = await startOwner('killed-supervisor');
      const { processes = [], supervisor } = ledgerOf('killed-supervisor') ?? {};
      process.kill(supervisor?.pid ?? 0, 'SIGKILL');
      owner.kill('SIGKILL');
      await eventually(() => supervisor && !isRunning(supervisor));

      const next = await startSecondStack('killed-supervisor');

      expect(processes.filter(isRunning)).toEqual([]);
      await answersAmqp(next.amqpUrl, 5_000);
      await answersMongo(next.mongoUrl, 5_000);
      await next.stop();
      await expectNothingLeft('killed-supervisor', urls, processes);
    },
    startMs,
  );
});

describe('a stack that runs', () => {
  it(
    'is not started twice in one checkout',
    async () => {
      const stack = await startSecondStack('twice');
      try {
        await expect(startSecondStack('twice')).rejects.toThrow(
          `the stack "twice" already runs in this checkout (pid ${process.pid})`,
        );
        await answersAmqp(stack.amqpUrl, 5_000);
      } finally {
        await stack.stop();
      }
      await stack.stop();
      expect(ledgerOf('twice')).toBeUndefined();
    },
    startMs,
  );
});
