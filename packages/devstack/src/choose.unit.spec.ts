import { describe, expect, it } from '@jest/globals';
import { choose, stepsToTry } from './choose.ts';
import type { ManagedBroker } from './servers/server.ts';
import { Unavailable, type Step } from './steps/step.ts';

const broker = { description: 'a broker' } as ManagedBroker;
const step = (name: string, get: () => ManagedBroker): Step => ({
  name,
  broker: async () => get(),
  database: async () => {
    throw new Unavailable('not asked for');
  },
  redis: async () => {
    throw new Unavailable('not asked for');
  },
});
const without = (name: string, reason: string, surprising = false) =>
  step(name, () => {
    throw new Unavailable(reason, { surprising });
  });
const chooseBroker = (steps: Step[], said: string[] = []) =>
  choose(
    'broker',
    steps,
    (candidate) => candidate.broker(),
    (line) => said.push(line),
  );

describe('the choice of a server', () => {
  it('falls on the first step that has it', async () => {
    const later = step('later', () => {
      throw new Error('must not be asked');
    });
    await expect(chooseBroker([without('first', 'nothing here'), step('second', () => broker), later])).resolves.toBe(
      broker,
    );
  });

  it('says when a step fails that one would have expected to work', async () => {
    const said: string[] = [];
    await chooseBroker(
      [without('quiet', 'no engine'), without('Docker', 'no image', true), step('next', () => broker)],
      said,
    );
    expect(said).toEqual(['No RabbitMQ from Docker: no image']);
  });

  it('ends with every reason and the ways out when no step has it', async () => {
    const outcome = chooseBroker([without('Docker', 'no engine'), without('this host', 'no program')]);
    await expect(outcome).rejects.toThrow(
      /No RabbitMQ.*Docker: no engine.*this host: no program.*Ways out: .*AMQP_URL/s,
    );
  });

  it('ends at once with an error that is more than an absence', async () => {
    const broken = step('broken', () => {
      throw new Error('AMQP_URL names nothing');
    });
    await expect(chooseBroker([broken, step('next', () => broker)])).rejects.toThrow('AMQP_URL names nothing');
  });
});

describe('TURNO_DEVSTACK', () => {
  it('leaves all steps when it is not set', () => {
    expect(stepsToTry(undefined)).toHaveLength(5);
  });

  it('leaves the one it names', () => {
    expect(stepsToTry('debian')).toHaveLength(1);
    expect(stepsToTry('host')).toHaveLength(2);
  });

  it('may only name a step', () => {
    expect(() => stepsToTry('podman')).toThrow(
      'TURNO_DEVSTACK is "podman", but may only be one of env, docker, host, debian',
    );
  });
});
