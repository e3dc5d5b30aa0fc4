import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startStack, type Stack } from '@turno/devstack';
import { eventually } from '@turno/testing';
import { BrokerOperator } from './broker-operator.ts';
import { killProcessOfRequests } from './faults.ts';
import { nothingWrong } from './nothing-wrong.ts';
import { ServiceProcesses } from './service-processes.ts';

const startMs = 180_000;
jest.setTimeout(90_000);

let stack: Stack;
let system: ServiceProcesses;
let operator: BrokerOperator;

beforeAll(async () => {
  stack = await startStack({ name: 'broken-servers', keepData: false, report: () => {} });
  system = await ServiceProcesses.start('broken-servers', { stack });
  operator = new BrokerOperator(system.servers.amqpUrl);
}, startMs);
afterAll(async () => {
  await system.stop();
  await stack.stop();
}, startMs);

describe('the broker', () => {
  test.each(['stop', 'kill'] as const)(
    'when it goes down (%s) under load and comes back, then nothing is lost, doubled or made up',
    async (action) => {
      await system.underLoad(async () => {
        await stack.broker[action]();
        await stack.broker.start();
      });

      expect(await system.verdict()).toMatchObject(nothingWrong);
    },
  );

  test('when it has a memory alarm, then requests are told 503 at once, and nothing is lost', async () => {
    await system.underLoad(async () => {
      await stack.broker.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1MB');
      await eventually(async () => (await system.callers.ask()).outcome.kind === 'unknown');
      const { startedAt, answeredAt, outcome } = await system.callers.ask();
      expect(outcome).toEqual({ kind: 'unknown', why: '503' });
      expect(answeredAt - startedAt).toBeLessThan(1_000);
      await stack.broker.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1GB');
    });

    expect(await system.verdict()).toMatchObject(nothingWrong);
  });

  test.each([
    ['requests is deleted', () => operator.deleteQueueOfRequests()],
    ['events is deleted, with what is in it', () => operator.deleteQueueOfEvents()],
    ['events is unbound', () => operator.unbindQueueOfEvents()],
  ])('when the queue of %s under load, then it is made again, and nothing is lost', async (_what, fault) => {
    await system.underLoad(fault);

    expect(await system.verdict()).toMatchObject(nothingWrong);
  });

  test('when events wait in their queue and it is deleted, then every one has its SMS all the same', async () => {
    await system.notifications[0]!.kill();
    await Promise.all(Array.from({ length: 20 }, () => system.callers.ask()));
    await eventually(async () => (await system.pendingEvents()) === 0);
    await operator.deleteQueueOfEvents();
    await system.notifications[0]!.run();

    expect(await system.verdict()).toMatchObject(nothingWrong);
  });

  test('when it cancels a consumer, then the consumer subscribes anew, and nothing is lost', async () => {
    await system.underLoad(() => killProcessOfRequests(stack, system.servers.vhost));

    expect(await system.verdict()).toMatchObject(nothingWrong);
  });
});

describe('the database', () => {
  test.each(['stop', 'kill'] as const)(
    'when it goes down (%s) under load and comes back, then nothing is lost, doubled or made up',
    async (action) => {
      await system.underLoad(async () => {
        await stack.database[action]();
        await stack.database.start();
      });

      expect(await system.verdict()).toMatchObject(nothingWrong);
    },
  );

  test('when it answers nothing for 20 s, then callers are told 503 by their deadline, and nothing is lost', async () => {
    const asked = await system.underLoad(async () => {
      await stack.database.pause();
      await pause(20_000);
      await stack.database.resume();
    });

    expect(asked.filter(({ startedAt, answeredAt }) => answeredAt - startedAt > 4_000)).toEqual([]);
    expect(await system.verdict()).toMatchObject(nothingWrong);
  });
});
