import { Unavailable, type Step, type StepMaker } from './step.ts';
import type { ManagedServer } from '../servers/server.ts';
import { answersAmqp, answersManagement, answersMongo, answersRedis } from '../servers/answers.ts';

const patienceMs = 5_000;

/** Somebody else's server: it is used, never started, stopped or broken. */
function foreign(variable: string): Omit<ManagedServer, 'description'> {
  const refuse = (action: string) => async () => {
    throw new Error(
      `the server named by ${variable} is not devstack's to ${action}; unset ${variable} to get one that is`,
    );
  };
  return {
    stop: refuse('stop'),
    kill: refuse('kill'),
    start: refuse('start'),
    pause: refuse('pause'),
    resume: refuse('resume'),
    dispose: async () => {},
  };
}

/** The same host and credentials, on the port the management plug-in has by default. */
export function deriveManagementUrl(amqpUrl: string): string {
  const { hostname, username, password } = new URL(amqpUrl);
  return `http://${username || 'guest'}:${password || 'guest'}@${hostname}:15672`;
}

/** A URL without its password, for people to read. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}

async function mustAnswer(variable: string, url: string, answers: Promise<void>): Promise<void> {
  await answers.catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${variable} names ${withoutPassword(url)}, but nothing usable answers there: ${reason}`);
  });
}

/** Step 1: `AMQP_URL`, `AMQP_MANAGEMENT_URL` and `MONGO_URL` name running servers. */
export const environmentStep: StepMaker = ({ environment }): Step => ({
  name: 'environment',
  async broker() {
    const amqpUrl = environment['AMQP_URL'];
    if (!amqpUrl) throw new Unavailable('AMQP_URL is not set');
    await mustAnswer('AMQP_URL', amqpUrl, answersAmqp(amqpUrl, patienceMs));
    // Only tests use it, to make vhosts: a derived one that does not answer is no reason to refuse a start.
    const named = environment['AMQP_MANAGEMENT_URL'];
    if (named) await mustAnswer('AMQP_MANAGEMENT_URL', named, answersManagement(named, patienceMs));
    const managementUrl = named || deriveManagementUrl(amqpUrl);
    return {
      ...foreign('AMQP_URL'),
      description: `RabbitMQ named by AMQP_URL, at ${withoutPassword(amqpUrl)}`,
      amqpUrl,
      managementUrl,
      rabbitmqctl: async () => {
        throw new Error(
          'rabbitmqctl cannot be run for the server named by AMQP_URL; unset AMQP_URL to get one where it can',
        );
      },
    };
  },
  async database() {
    const mongoUrl = environment['MONGO_URL'];
    if (!mongoUrl) throw new Unavailable('MONGO_URL is not set');
    await mustAnswer('MONGO_URL', mongoUrl, answersMongo(mongoUrl, patienceMs));
    return {
      ...foreign('MONGO_URL'),
      description: `MongoDB named by MONGO_URL, at ${withoutPassword(mongoUrl)}`,
      mongoUrl,
    };
  },
  async redis() {
    const redisUrl = environment['REDIS_URL'];
    if (!redisUrl) throw new Unavailable('REDIS_URL is not set');
    await mustAnswer('REDIS_URL', redisUrl, answersRedis(redisUrl, patienceMs));
    return {
      ...foreign('REDIS_URL'),
      description: `Redis named by REDIS_URL, at ${withoutPassword(redisUrl)}`,
      redisUrl,
    };
  },
});
