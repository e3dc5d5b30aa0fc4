import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../ports.ts';
import { stackMarker } from '../processes.ts';
import type { StackContext } from '../stack-context.ts';
import { answersAmqp, answersManagement, untilItAnswers } from './answers.ts';
import { Child } from './child.ts';
import type { Installation } from './installation.ts';
import type { ManagedBroker } from './server.ts';

const run = promisify(execFile);

export interface RabbitmqPrograms {
  readonly version: string;
  /** The folder of RabbitMQ's own scripts, not of a distribution's wrappers, which insist on their user and folders. */
  readonly scripts: string;
  readonly epmd: string;
}

interface Ports {
  readonly amqp: number;
  readonly management: number;
  /** The Erlang port mapper: a port of its own, so that stacks do not meet and none is left running for all. */
  readonly epmd: number;
  /** Erlang distribution, for rabbitmqctl. */
  readonly distribution: number;
}

const bootMs = 60_000;
const stopMs = 10_000;

function configuration(ports: Ports, logFile: string): string {
  return [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    // Counted by Erlang instead of read from /proc, which need not be there.
    'vm_memory_calculation_strategy = allocated',
    'total_memory_available_override_value = 2GB',
    'vm_memory_high_watermark.absolute = 1GB',
    'disk_free_limit.absolute = 50MB',
    `log.file = ${logFile}`,
    'log.console = false',
    '',
  ].join('\n');
}

/** Two schedulers without busy waiting leave the machine to what is being developed. Distribution stays on loopback. */
const erlangArguments = '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}';

function environment(installation: Installation, ports: Ports): Record<string, string> {
  const home = `${installation.folderInside}/rabbitmq`;
  return {
    PATH: installation.path,
    LANG: 'C.UTF-8',
    HOME: home,
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'turno@localhost',
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_CONFIG_FILE: `${home}/rabbitmq.conf`,
    RABBITMQ_CONF_ENV_FILE: '/nonexistent',
    RABBITMQ_ENABLED_PLUGINS_FILE: `${home}/enabled_plugins`,
    RABBITMQ_MNESIA_BASE: `${home}/data`,
    RABBITMQ_LOG_BASE: `${home}/log`,
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlangArguments,
    // Makes the script become the Erlang VM instead of its parent: signals reach the server itself.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

async function choosePorts(): Promise<Ports> {
  const [amqp, management, epmd, distribution] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  return { amqp, management, epmd, distribution };
}

/** Its configuration in the stack's folder, and the two processes of a node: the port mapper and the Erlang VM. */
async function prepare(context: StackContext, installation: Installation, programs: RabbitmqPrograms, ports: Ports) {
  await installation.makeFolder('rabbitmq');
  const home = join(installation.folder, 'rabbitmq');
  const log = `${installation.folderInside}/rabbitmq/rabbit.log`;
  await writeFile(join(home, 'rabbitmq.conf'), configuration(ports, log));
  await writeFile(join(home, 'enabled_plugins'), '[rabbitmq_management].\n');
  const env = environment(installation, ports);
  const child = (name: string, program: string, args: string[]) =>
    new Child(context, { name, ...installation.command(program, args), env, logFile: join(home, `${name}.out`) });
  return {
    env,
    epmd: child('epmd', programs.epmd, ['-port', String(ports.epmd), '-address', '127.0.0.1']),
    node: child('rabbitmq-server', `${programs.scripts}/rabbitmq-server`, []),
  };
}

/** A single RabbitMQ node with the management plug-in, all of it on loopback, with the default user guest. */
export async function startRabbitmqNode(
  context: StackContext,
  installation: Installation,
  programs: RabbitmqPrograms,
): Promise<ManagedBroker> {
  const ports = await choosePorts();
  const { env, epmd, node } = await prepare(context, installation, programs, ports);
  const amqpUrl = `amqp://guest:guest@127.0.0.1:${ports.amqp}`;
  const managementUrl = `http://guest:guest@127.0.0.1:${ports.management}`;
  const answers = async () => {
    node.mustRun();
    await answersAmqp(amqpUrl, 2_000);
    await answersManagement(managementUrl, 2_000);
  };
  const broker: ManagedBroker = {
    description: `RabbitMQ ${programs.version} ${installation.origin}, at amqp://127.0.0.1:${ports.amqp}`,
    amqpUrl,
    managementUrl,
    async start() {
      if (!epmd.isRunning) epmd.start();
      if (!node.isRunning) node.start();
      await untilItAnswers(answers, bootMs, () => !node.isRunning);
    },
    stop: () => node.end('SIGTERM', stopMs),
    kill: () => node.end('SIGKILL', 0),
    pause: () => node.pause(),
    resume: async () => node.resume(),
    async dispose() {
      await node.end(context.keepData ? 'SIGTERM' : 'SIGKILL', stopMs);
      await epmd.end('SIGKILL', 0);
    },
    async rabbitmqctl(args) {
      const line = installation.command(`${programs.scripts}/rabbitmqctl`, args);
      const options = { env: { ...env, [stackMarker]: context.id }, timeout: 60_000 };
      return (await run(line.command, line.args, options)).stdout;
    },
  };
  context.onEnd(() => broker.dispose());
  await broker.start();
  return broker;
}
