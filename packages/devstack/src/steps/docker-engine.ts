import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

const patienceMs = 1_500;

/** Every container carries it, with the stack's id. */
export const stackLabel = 'turno.devstack';

/** Where an engine may listen; the first that exists is asked. `DOCKER_HOST` overrides them all. */
function engineAddress(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment['DOCKER_HOST']) return environment['DOCKER_HOST'];
  const sockets = [
    '/var/run/docker.sock',
    join(environment['XDG_RUNTIME_DIR'] ?? '/nonexistent', 'docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
  ];
  const socket = sockets.find((path) => existsSync(path));
  return socket && `unix://${socket}`;
}

function ping(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: '/_ping', timeout: patienceMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once('timeout', () => call.destroy(new Error('timeout')));
    call.once('error', () => resolve(false));
    call.end();
  });
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patienceMs, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** Whether a Docker Engine answers, within two seconds. Without starting anything or loading Testcontainers. */
export async function engineAnswers(environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const address = engineAddress(environment);
  if (!address) return false;
  const url = new URL(address);
  if (url.protocol === 'unix:') return ping(url.pathname);
  if (url.protocol === 'tcp:' || url.protocol === 'http:') return accepts(url.hostname, Number(url.port || 2375));
  return false;
}

/**
 * The client of the engine Testcontainers uses. Its own clean-up container (ryuk) is switched off: the supervisor and the
 * ledger do that, and ryuk's image may not be available.
 */
export async function engineClient() {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { getContainerRuntimeClient } = await import('testcontainers');
  return (await getContainerRuntimeClient()).container.dockerode;
}

/** Removes containers with their volumes; those that are gone already are fine. */
export async function removeContainers(ids: readonly string[]): Promise<void> {
  if (!(await engineAnswers())) return;
  const engine = await engineClient();
  await Promise.all(
    ids.map((id) =>
      engine
        .getContainer(id)
        .remove({ force: true, v: true })
        .catch((error: { statusCode?: number }) => {
          if (error.statusCode !== 404) throw error;
        }),
    ),
  );
}

/** Removes the containers of a stack, found by their label. */
export async function removeContainersOf(stackId: string): Promise<void> {
  const engine = await engineClient();
  const filters = { label: [`${stackLabel}=${stackId}`] };
  const containers = await engine.listContainers({ all: true, filters });
  await removeContainers(containers.map(({ Id }) => Id));
}
