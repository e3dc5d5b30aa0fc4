import { readComposeImages } from '../compose-images.ts';
import { answersAmqp, answersManagement, answersMongo, answersRedis } from '../servers/answers.ts';
import type { ContainerSpec, RunningContainer } from '../servers/container.ts';
import type { ManagedBroker, ManagedDatabase, ManagedRedis } from '../servers/server.ts';
import type { StackContext } from '../stack-context.ts';
import { engineAnswers, removeContainersOf } from './docker-engine.ts';
import { Unavailable, type Step, type StepMaker } from './step.ts';

const patienceMs = 2_000;

const specs = {
  rabbitmq: { service: 'rabbitmq', ports: [5672, 15_672], dataFolder: '/var/lib/rabbitmq' },
  mongo: { service: 'mongo', ports: [27_017], dataFolder: '/data/db' },
  redis: { service: 'redis', ports: [6379], dataFolder: '/data' },
} as const satisfies Record<string, Omit<ContainerSpec, 'image'>>;

/** For specs alone: docker-compose.yml has none. */
const redisImage = 'valkey/valkey:8.1-alpine';

type Address = Pick<RunningContainer, 'host' | 'port'>;
const amqpUrlOf = ({ host, port }: Address) => `amqp://guest:guest@${host}:${port(5672)}`;
const managementUrlOf = ({ host, port }: Address) => `http://guest:guest@${host}:${port(15_672)}`;
const redisUrlOf = ({ host, port }: Address) => `redis://${host}:${port(6379)}`;
const mongoUrlOf = ({ host, port }: Address) => `mongodb://${host}:${port(27_017)}`;

async function brokerAnswers(address: Address): Promise<void> {
  await answersAmqp(amqpUrlOf(address), patienceMs);
  await answersManagement(managementUrlOf(address), patienceMs);
}

/** Once per start: what a killed start left is removed even if it had not come to writing it down. */
async function requireEngine(context: StackContext): Promise<void> {
  if (!(await engineAnswers(context.environment))) throw new Unavailable('no Docker Engine answers');
  await removeContainersOf(context.id);
}

async function startBroker(context: StackContext): Promise<ManagedBroker> {
  const { runContainer } = await import('../servers/container.ts');
  const image = readComposeImages(context.checkout).rabbitmq;
  const container = await runContainer(context, { ...specs.rabbitmq, image }, brokerAnswers);
  return {
    ...container,
    description: `RabbitMQ in Docker (${image}), at amqp://${container.host}:${container.port(5672)}`,
    amqpUrl: amqpUrlOf(container),
    managementUrl: managementUrlOf(container),
    rabbitmqctl: (args) => container.run(['rabbitmqctl', ...args]),
  };
}

async function startDatabase(context: StackContext): Promise<ManagedDatabase> {
  const { runContainer } = await import('../servers/container.ts');
  const image = readComposeImages(context.checkout).mongo;
  const answers = (address: Address) => answersMongo(mongoUrlOf(address), patienceMs);
  const container = await runContainer(context, { ...specs.mongo, image }, answers);
  const mongoUrl = mongoUrlOf(container);
  return { ...container, description: `MongoDB in Docker (${image}), at ${mongoUrl}`, mongoUrl };
}

async function startRedisContainer(context: StackContext): Promise<ManagedRedis> {
  const { runContainer } = await import('../servers/container.ts');
  const answers = (address: Address) => answersRedis(redisUrlOf(address), patienceMs);
  const container = await runContainer(context, { ...specs.redis, image: redisImage }, answers);
  const redisUrl = redisUrlOf(container);
  return { ...container, description: `Redis in Docker (${redisImage}), at ${redisUrl}`, redisUrl };
}

/** Step 2: the images of docker-compose.yml. Testcontainers is loaded only once an engine has answered. */
export const dockerStep: StepMaker = (context): Step => {
  let engine: Promise<void> | undefined;
  const once = () => (engine ??= requireEngine(context));
  return {
    name: 'Docker',
    async broker() {
      await once();
      return startBroker(context);
    },
    async database() {
      await once();
      return startDatabase(context);
    },
    async redis() {
      await once();
      return startRedisContainer(context);
    },
  };
};
