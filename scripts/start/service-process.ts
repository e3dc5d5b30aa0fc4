import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { prettyFactory } from 'pino-pretty';
import { withParent } from '../with-parent.ts';

const root = join(import.meta.dirname, '..', '..');
/** Long enough to see what the rest of the system does meanwhile. */
const restartAfterMs = 5_000;

const readable = prettyFactory({
  singleLine: true,
  colorize: process.stdout.isTTY,
  translateTime: 'SYS:HH:MM:ss',
  ignore: 'service',
  messageFormat: '{service}: {msg}',
});

/** One service under `npm start`: its log as readable lines, and started again when it ends by itself. */
export class ServiceProcess {
  readonly #name: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #say: (line: string) => void;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(name: string, env: NodeJS.ProcessEnv, say: (line: string) => void) {
    this.#name = name;
    this.#env = env;
    this.#say = say;
  }

  start(): void {
    const child = spawnWithParent([`services/${this.#name}/src/start.ts`], this.#env, ['ignore', 'pipe', 'inherit']);
    this.#child = child;
    createInterface({ input: child.stdout! }).on('line', (line) => process.stdout.write(readable(line)));
    child.on('exit', (code, signal) => {
      this.#child = undefined;
      if (this.#stopped) return;
      const how = signal ? `was ended by ${signal}` : `ended with ${code}`;
      this.#say(`${this.#name} ${how}; it starts again in ${restartAfterMs / 1_000} s.`);
      this.#restart = setTimeout(() => this.start(), restartAfterMs);
    });
  }

  /** Asks the service to stop and resolves once it has. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

/**
 * Runs a script of the project to its end; its output goes through.
 *
 * @throws when it does not end with 0
 */
export async function runToEnd(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [code] = (await once(spawnWithParent([script, ...args], env, 'inherit'), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`turno ${args.join(' ')} failed`);
}

function spawnWithParent(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdio: 'inherit' | ('ignore' | 'pipe' | 'inherit')[],
) {
  const [command, ...rest] = [...withParent, process.execPath, '--no-warnings', ...args];
  // In a session of its own, so that the terminal's Ctrl-C reaches the starter alone, which stops things in order.
  return spawn(command!, rest, { cwd: root, env, stdio, detached: true });
}
