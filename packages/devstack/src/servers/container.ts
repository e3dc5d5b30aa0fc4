import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { freePort } from '../ports.ts';
import type { StackContext } from '../stack-context.ts';
import { engineClient, stackLabel } from '../steps/docker-engine.ts';
import { Unavailable } from '../steps/step.ts';
import { untilItAnswers } from './answers.ts';
import type { ManagedServer } from './server.ts';

export interface ContainerSpec {
  /** "rabbitmq", for names. */
  readonly service: string;
  readonly image: string;
  readonly ports: readonly number[];
  /** Where the image keeps its data. */
  readonly dataFolder: string;
}

/** A container whose ports on this machine stay the same over its restarts. */
export interface RunningContainer extends Omit<ManagedServer, 'description'> {
  readonly host: string;
  /** The port on this machine of a port of the container. */
  port(ofContainer: number): number;
  run(command: readonly string[]): Promise<string>;
}

const patienceMs = 120_000;
const stopSeconds = 10;

async function prepare(context: StackContext, spec: ContainerSpec, published: ReadonlyMap<number, number>) {
  const engine = await engineClient();
  const present = await engine
    .getImage(spec.image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (!present) context.phase(`Pulling ${spec.image}`);
  const container = new GenericContainer(spec.image)
    .withLabels({ [stackLabel]: context.id })
    // RabbitMQ's data belong to a node of that host name.
    .withHostname(`turno-${spec.service}`)
    .withExposedPorts(...[...published].map(([inside, outside]) => ({ container: inside, host: outside })))
    .withStartupTimeout(patienceMs)
    .withWaitStrategy(Wait.forListeningPorts());
  if (!context.keepData) return container;
  return container.withBindMounts([{ source: `turno-${context.id}-${spec.service}`, target: spec.dataFolder }]);
}

async function launch(context: StackContext, spec: ContainerSpec, published: ReadonlyMap<number, number>) {
  try {
    return await (await prepare(context, spec, published)).start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`${spec.image} cannot be run: ${reason}`, { surprising: true });
  }
}

async function execute(container: StartedTestContainer, command: readonly string[]): Promise<string> {
  const { exitCode, output, stderr } = await container.exec([...command]);
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${stderr || output}`);
  return output;
}

/** Starts the image's server and waits until it answers. Throws {@link Unavailable} if the image cannot be had or run. */
export async function runContainer(
  context: StackContext,
  spec: ContainerSpec,
  answers: (container: Pick<RunningContainer, 'host' | 'port'>) => Promise<void>,
): Promise<RunningContainer> {
  const published = new Map<number, number>();
  for (const port of spec.ports) published.set(port, await freePort());
  const started = await launch(context, spec, published);
  context.ledger.addContainer(started.getId());
  const engine = (await engineClient()).getContainer(started.getId());
  const dispose = async () => {
    if (context.keepData) await engine.stop({ t: stopSeconds }).catch(() => {});
    await engine.remove({ force: true, v: true }).catch(() => {});
  };
  context.onEnd(dispose);
  // Not `localhost`, which may mean ::1 first, where the port need not be published.
  const host = started.getHost() === 'localhost' ? '127.0.0.1' : started.getHost();
  const address = { host, port: (inside: number) => published.get(inside) ?? 0 };
  const untilReady = () => untilItAnswers(() => answers(address), patienceMs);
  await untilReady();
  return {
    ...address,
    run: (command) => execute(started, command),
    stop: async () => void (await engine.stop({ t: stopSeconds })),
    kill: async () => void (await engine.kill()),
    async start() {
      await engine.start();
      await untilReady();
    },
    pause: async () => void (await engine.pause()),
    resume: async () => void (await engine.unpause()),
    dispose,
  };
}
