import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from '@turno/devstack';
import type { TcpLink } from '@turno/testing';
import { BrokerOperator } from './broker-operator.ts';
import type { Dice } from './dice.ts';
import { linkNames, type LinkName, type ServiceProcesses } from './service-processes.ts';
import type { ServiceProcess } from './service-process.ts';

/** Something that goes wrong in an installation. */
export interface Fault {
  readonly name: string;
  /** Does the harm, and resolves once the part is back. */
  readonly strike: () => Promise<void>;
}

/** How long it takes to notice that the other end is gone without a word: two heartbeats of the broker. */
const noticedAfterMs = 4_000;

/** What can be done to a link; each resolves while the link is still as it was left, to be mended by whoever asked for it. */
export const breakages: Readonly<Record<string, (link: TcpLink) => Promise<void>>> = {
  cut: (link) => link.cut().then(() => pause(1_000)),
  slow: async (link) => {
    link.slow(300);
    await pause(1_000);
  },
  reset: async (link) => link.reset(),
  'half-open': async (link) => {
    link.halfOpen();
    await pause(noticedAfterMs);
  },
};

const fault = (name: string, strike: () => Promise<void>) => (): Fault => ({ name, strike });

/** Every fault that the fault suite has a test of, each with a part that the dice name. */
export function faultsOf(system: ServiceProcesses, stack: Stack, dice: Dice): readonly (() => Fault)[] {
  const operator = new BrokerOperator(system.servers.amqpUrl);
  const anyInstance = () => dice.oneOf(system.processes);
  const restart = (how: 'kill' | 'terminate') => (): Fault => {
    const instance = anyInstance();
    return { name: `${how} ${instance.service}`, strike: () => restartOf(instance, how) };
  };
  const server = (name: 'broker' | 'database', how: 'stop' | 'kill') =>
    fault(`${how} the ${name}`, async () => {
      await stack[name][how]();
      await stack[name].start();
    });
  const paused = (name: 'broker' | 'database') =>
    fault(`pause the ${name}`, async () => {
      await stack[name].pause();
      await pause(3_000);
      await stack[name].resume();
    });
  const breakLink = (how: string) => (): Fault => {
    const link = dice.oneOf<LinkName>(linkNames);
    return {
      name: `${how}: ${link}`,
      strike: async () => {
        await breakages[how]!(system.link(link));
        await system.link(link).mend();
      },
    };
  };
  return [
    // Twice: of all faults the one that comes most often.
    restart('kill'),
    restart('kill'),
    restart('terminate'),
    server('broker', 'stop'),
    server('broker', 'kill'),
    server('database', 'stop'),
    server('database', 'kill'),
    paused('broker'),
    paused('database'),
    ...Object.keys(breakages).map(breakLink),
    fault('memory alarm', async () => {
      await stack.broker.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1MB');
      await pause(1_000);
      await stack.broker.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1GB');
    }),
    fault('delete the queue of requests', () => operator.deleteQueueOfRequests()),
    fault('delete the queue of events', () => operator.deleteQueueOfEvents()),
    fault('unbind the queue of events', () => operator.unbindQueueOfEvents()),
    fault('poison', () => operator.publishPoison(['not JSON', '{"id":"1"}'])),
    fault('the provider keeps its answers', async () => {
      system.receiver.keepAnswers();
      await pause(2_000);
      system.receiver.answer();
    }),
  ];
}

async function restartOf(instance: ServiceProcess, how: 'kill' | 'terminate'): Promise<void> {
  await instance[how]();
  await instance.run();
}
