import { spawn, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { withParent } from '../../scripts/with-parent.ts';

export const root = join(import.meta.dirname, '../..');

export interface SpawnOptions {
  /** What `node` is started with, the script among it. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Takes what the process prints. */
  readonly logFile: string;
  /** Whether messages go to and fro. */
  readonly talks?: boolean;
}

/** A Node.js process of the bench's own. It ends with the bench, however that ends. */
export class Spawned {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #logFile: string;

  constructor(name: string, { args, env, logFile, talks = false }: SpawnOptions) {
    this.name = name;
    this.#logFile = logFile;
    const log = openSync(logFile, 'a');
    const [command, ...rest] = [...withParent, process.execPath, '--no-warnings', ...args];
    this.#child = spawn(command!, rest, {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', log, log, ...(talks ? (['ipc'] as const) : [])],
      serialization: 'advanced',
      // The terminal's Ctrl-C reaches the bench alone, which stops things in order.
      detached: true,
    });
    closeSync(log);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** @throws naming the log when the process has ended by itself */
  mustRun(): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) return;
    throw new Error(`${this.name} ended by itself with ${signalCode ?? exitCode}; see ${this.#logFile}`);
  }

  /** The next message that the process sends. */
  async message(): Promise<unknown> {
    const ended = new AbortController();
    const exit = once(this.#child, 'exit', { signal: ended.signal }).then(() => this.mustRun());
    const message = once(this.#child, 'message', { signal: ended.signal });
    try {
      const [first] = (await Promise.race([message, exit])) as [unknown];
      return first;
    } finally {
      ended.abort();
      await Promise.allSettled([exit, message]);
    }
  }

  send(message: Serializable): void {
    this.#child.send(message);
  }

  /** Asks it to stop and resolves once it has ended. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
