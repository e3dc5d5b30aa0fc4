import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ticketCreatedSubscription } from '@turno/shared';
import { eventually, TcpLink } from '@turno/testing';
import { redriveDeadLetters } from '../src/dead-letters-commands.ts';
import { EventQueue } from './event-queue.ts';
import { recordingTerminal } from './recording-terminal.ts';

const turno = join(import.meta.dirname, '../src/turno.ts');
const count = 500;
const every = Array.from({ length: count }, (_, i) => `event-${i + 1}`);

let queue: EventQueue;

beforeAll(async () => {
  queue = await EventQueue.open('cli-killed', ticketCreatedSubscription);
  process.env['AMQP_URL'] = queue.url;
});
beforeEach(async () => {
  await queue.empty();
  await queue.giveUp(count, 'delivery_limit');
});
afterAll(async () => {
  delete process.env['AMQP_URL'];
  await queue.dispose();
});

/** The command in a process of its own, which gets the signal once it is about to redrive the hundredth letter. */
async function interrupt(signal: NodeJS.Signals): Promise<{ code: number | null; redriven: number }> {
  const link = await TcpLink.to(queue.url);
  const halfWay = link.holdFrom('event-100');
  const child = spawn(process.execPath, ['--no-warnings', turno, 'dead-letters', 'redrive', '--all'], {
    env: { ...process.env, AMQP_URL: link.urlFor(queue.url) },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  await halfWay;
  child.kill(signal);
  await link.mend();
  const [code] = await ended;
  await link.close();
  // The broker gives back what the process held once it has noticed that it is gone.
  await eventually(async () => (await queue.lookers()) === 0);
  return { code, redriven: await queue.waiting() };
}

async function redriveTheRest(): Promise<number> {
  const { terminal, said } = recordingTerminal();
  await redriveDeadLetters({ all: true }, terminal);
  return Number(/^(\d+) dead letters redriven/.exec(said[0]!)?.[1] ?? 0);
}

test('when redriving is killed half-way and given again, then nothing is lost and each event is handled', async () => {
  const { code, redriven } = await interrupt('SIGKILL');
  const rest = await redriveTheRest();

  const handled = await queue.handled(count);

  expect(code).toBeNull();
  expect(redriven).toBeLessThan(count);
  expect(rest).toBeGreaterThan(0);
  expect(new Set(handled)).toEqual(new Set(every));
  expect(handled.length - count).toBeLessThanOrEqual(100);
  await expect(queue.waitingDead()).resolves.toBe(0);
});

test('when redriving gets Ctrl-C, then it ends with 130, and each event is sent once by both runs', async () => {
  const { code } = await interrupt('SIGINT');
  await redriveTheRest();

  const handled = await queue.handled(count);

  expect(code).toBe(130);
  expect(handled).toEqual(every);
});
