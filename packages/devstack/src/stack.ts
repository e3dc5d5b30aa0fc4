import { chooseDisplay } from './display.ts';
import type { ServerName, StackAddresses } from './messages.ts';
import { SupervisorClient } from './supervisor-client.ts';

/**
 * Breaks a server and mends it again, for tests. Every method throws for a server that `AMQP_URL` or `MONGO_URL` names, since
 * that is somebody else's.
 */
export interface ServerControl {
  /** "RabbitMQ 4.3.6 from Debian packages, at amqp://127.0.0.1:21234" */
  readonly description: string;
  /** Orderly; the data stays. */
  stop(): Promise<void>;
  /** SIGKILL; the data stays. */
  kill(): Promise<void>;
  /** Again, on the same port and data; resolves once it answers. */
  start(): Promise<void>;
  /** SIGSTOP: connections are accepted, nothing is answered. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** A running RabbitMQ and a running MongoDB-compatible database. */
export interface Stack {
  /** With credentials, for the default vhost: `amqp://guest:guest@127.0.0.1:21234`. */
  readonly amqpUrl: string;
  /** `http://guest:guest@127.0.0.1:21235` */
  readonly managementUrl: string;
  /** `mongodb://127.0.0.1:21236`, without a database name. */
  readonly mongoUrl: string;
  readonly broker: ServerControl & {
    /** Resolves to what the command prints; rejects with what it complains about. */
    rabbitmqctl(...args: string[]): Promise<string>;
  };
  readonly database: ServerControl;
  /** `redis://127.0.0.1:21237`; undefined where none was wanted, or none can be had. */
  readonly redisUrl: string | undefined;
  /** Stops whatever this start started, and removes its data unless they are kept. May be called again. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** 'start', 'test' …: stacks of different names live side by side in one checkout. */
  name: string;
  /** Whether the data is there again at the next start of that name. */
  keepData: boolean;
  /** Whether a Redis is wanted too. */
  redis?: boolean;
  /** Takes progress and choices, one readable line each. Without it they go to stderr, on a terminal updated in place. */
  report?: (line: string) => void;
}

function controlOf(supervisor: SupervisorClient, server: ServerName, description: string): ServerControl {
  return {
    description,
    stop: async () => void (await supervisor.act(server, 'stop')),
    kill: async () => void (await supervisor.act(server, 'kill')),
    start: async () => void (await supervisor.act(server, 'start')),
    pause: async () => void (await supervisor.act(server, 'pause')),
    resume: async () => void (await supervisor.act(server, 'resume')),
  };
}

function stackOf(supervisor: SupervisorClient, addresses: StackAddresses): Stack {
  const { amqpUrl, managementUrl, mongoUrl, redisUrl, brokerDescription, databaseDescription } = addresses;
  return {
    amqpUrl,
    managementUrl,
    mongoUrl,
    redisUrl,
    broker: {
      ...controlOf(supervisor, 'broker', brokerDescription),
      rabbitmqctl: (...args) => supervisor.act('broker', 'rabbitmqctl', args),
    },
    database: controlOf(supervisor, 'database', databaseDescription),
    stop: () => supervisor.stop(),
  };
}

/**
 * Starts RabbitMQ and a MongoDB-compatible database, each from the first place that has it: the environment, Docker, this
 * host, Debian packages. Resolves once both answer.
 *
 * They end with `stop()`, and also when this process ends in whatever way: no signal handler is installed for that here.
 * Throws if neither place has them, if `AMQP_URL` or `MONGO_URL` names nothing that answers, or if the stack of that name
 * already runs in this checkout.
 */
export async function startStack({ name, keepData, redis = false, report }: StackOptions): Promise<Stack> {
  const supervisor = new SupervisorClient(name, chooseDisplay(report));
  try {
    return stackOf(supervisor, await supervisor.start({ type: 'start', name, keepData, redis }));
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}
