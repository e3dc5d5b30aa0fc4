// The process that starts the servers and puts them away. It lives in a session of its own, so that a terminal's Ctrl-C does
// not reach it, and ends when its owner asks, or when the IPC channel closes because the owner is gone in whatever way.
import type { Action, ActionRequest, StackAddresses, StartRequest, ToOwner, ToSupervisor } from './messages.ts';
import { SupervisedStack, type StartedServers } from './supervised-stack.ts';

let stack: SupervisedStack | undefined;
let servers: StartedServers | undefined;
let ending = false;

/** An owner that is gone cannot be told anything: the channel's closing is handled by itself. */
function tell(message: ToOwner): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function end(exitCode: number): Promise<void> {
  if (ending) return;
  ending = true;
  try {
    await stack?.end();
  } catch (error) {
    console.error(error);
    exitCode = 1;
  }
  process.exit(exitCode);
}

async function start(request: StartRequest): Promise<void> {
  try {
    stack = await SupervisedStack.open(request, tell);
    servers = await stack.start(request.redis);
    const addresses: StackAddresses = {
      amqpUrl: servers.broker.amqpUrl,
      managementUrl: servers.broker.managementUrl,
      mongoUrl: servers.database.mongoUrl,
      brokerDescription: servers.broker.description,
      databaseDescription: servers.database.description,
      redisUrl: servers.redis?.redisUrl,
    };
    tell({ type: 'ready', ...addresses });
  } catch (error) {
    console.error(error);
    tell({ type: 'failed', message: messageOf(error) });
    await end(1);
  }
}

async function perform({ server, action, args }: ActionRequest): Promise<string> {
  if (!servers) throw new Error('the stack is not ready');
  if (action === 'rabbitmqctl') return servers.broker.rabbitmqctl(args);
  const asked = servers[server];
  if (!asked) throw new Error(`the stack has no ${server}`);
  await asked[action satisfies Exclude<Action, 'rabbitmqctl'>]();
  return '';
}

async function act(request: ActionRequest): Promise<void> {
  try {
    tell({ type: 'result', id: request.id, output: await perform(request) });
  } catch (error) {
    tell({ type: 'error', id: request.id, message: messageOf(error) });
  }
}

process.on('message', (message: ToSupervisor) => {
  if (message.type === 'start') void start(message);
  else if (message.type === 'action') void act(message);
  else void end(0);
});
process.on('disconnect', () => void end(0));
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void end(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  void end(1);
});
