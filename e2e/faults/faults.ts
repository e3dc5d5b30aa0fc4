import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from '@turno/devstack';
import { ticketingRpcQueue } from '@turno/shared';
import { eventually, type TcpLink } from '@turno/testing';
import { BrokerOperator } from './broker-operator.ts';
import type { Dice } from './dice.ts';
import { linkNames, type LinkName, type ServiceProcesses } from './service-processes.ts';
import type { ServiceProcess } from './service-process.ts';

/** Something that goes wrong in an installation. */
export interface Fault {
  readonly name: string;
  /** What it breaks, and what must be whole for it: no other fault may be at these meanwhile. */
  readonly parts: readonly string[];
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

/** Longer than a request waits for ticketing (`RPC_TIMEOUT_MS`, 2 s by default). */
const pastDeadlineMs = 4_000;

/**
 * What a broker does when the process of a classic queue dies: it starts another, and cancels the consumers.
 *
 * @throws when there is no such queue
 */
export async function killProcessOfRequests(stack: Stack, vhost: string): Promise<void> {
  const found = `{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"${vhost}">>, queue, <<"${ticketingRpcQueue.name}">>))`;
  await stack.broker.rabbitmqctl('eval', `${found}, exit(amqqueue:get_pid(Q), kill).`);
}

type Server = 'broker' | 'database';
const fault = (name: string, part: Server | 'provider', strike: () => Promise<void>) => (): Fault => ({
  name,
  parts: [part],
  strike,
});

/** Every fault that the fault suite has a test of, each with a part that the dice name. */
export function faultsOf(system: ServiceProcesses, stack: Stack, dice: Dice): readonly (() => Fault)[] {
  const operator = new BrokerOperator(system.servers.amqpUrl);
  const partOf = (instance: ServiceProcess) => `instance ${system.processes.indexOf(instance)}`;
  const restart = (how: 'kill' | 'terminate') => (): Fault => {
    const instance = dice.oneOf(system.processes);
    // One that is killed is started again until its servers are there; one that is asked to stop needs them for that.
    const parts = how === 'kill' ? [partOf(instance)] : [partOf(instance), 'broker', 'database'];
    return { name: `${how} ${instance.service}`, parts, strike: () => restartOf(instance, how) };
  };
  const ticketingAway = (): Fault => ({
    name: 'ticketing is away past the deadline',
    parts: system.ticketing.map(partOf),
    strike: async () => {
      await Promise.all(system.ticketing.map((instance) => instance.kill()));
      await pause(pastDeadlineMs);
      await Promise.all(system.ticketing.map((instance) => instance.run({ isSupervised: true })));
    },
  });
  const server = (name: Server, how: 'stop' | 'kill') =>
    fault(`${how} the ${name}`, name, async () => {
      await stack[name][how]();
      await stack[name].start();
    });
  const paused = (name: Server) =>
    fault(`pause the ${name}`, name, async () => {
      await stack[name].pause();
      await pause(3_000);
      await stack[name].resume();
    });
  const breakLink = (how: string) => (): Fault => {
    const link = dice.oneOf<LinkName>(linkNames);
    return {
      name: `${how}: ${link}`,
      parts: [link],
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
    ticketingAway,
    server('broker', 'stop'),
    server('broker', 'kill'),
    server('database', 'stop'),
    server('database', 'kill'),
    paused('broker'),
    paused('database'),
    ...Object.keys(breakages).map(breakLink),
    fault('memory alarm', 'broker', async () => {
      await stack.broker.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1MB');
      await pause(1_000);
      await stack.broker.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1GB');
    }),
    fault('delete the queue of requests', 'broker', () => operator.deleteQueueOfRequests()),
    fault('delete the queue of events', 'broker', () => operator.deleteQueueOfEvents()),
    fault('unbind the queue of events', 'broker', () => operator.unbindQueueOfEvents()),
    fault('kill the process of the queue of requests', 'broker', async () => {
      // There is none while ticketing is yet to declare the queue.
      await eventually(() => killProcessOfRequests(stack, system.servers.vhost).then(() => true), 30_000, 1_000);
    }),
    fault('poison', 'broker', () => operator.publishPoison(['not JSON', '{"id":"1"}'])),
    fault('the provider keeps its answers', 'provider', async () => {
      system.receiver.keepAnswers();
      await pause(2_000);
      system.receiver.answer();
    }),
  ];
}

async function restartOf(instance: ServiceProcess, how: 'kill' | 'terminate'): Promise<void> {
  await instance[how]();
  await instance.run({ isSupervised: true });
}
