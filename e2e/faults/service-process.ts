import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, fetchOnce } from '@turno/testing';
import { memoryOptions, memoryVariables } from '../memory-options.ts';

const root = join(import.meta.dirname, '../..');

export type ServiceName = 'gateway' | 'ticketing' | 'notifications';

/** One instance of a service as a process of its own, which can be ended in any way and started again. */
export class ServiceProcess {
  readonly service: ServiceName;
  readonly #variables: NodeJS.ProcessEnv;
  readonly #opsPort: number;
  #child: ChildProcess | undefined;

  constructor(service: ServiceName, variables: NodeJS.ProcessEnv, opsPort: number) {
    this.service = service;
    this.#variables = variables;
    this.#opsPort = opsPort;
  }

  /**
   * Starts it and resolves once it is ready.
   *
   * @param isSupervised whether it is started again when it ends before that, as it does without its database
   */
  async run({ isSupervised = false } = {}): Promise<void> {
    this.#start();
    const isUp = (): Promise<boolean> => {
      if (isSupervised && this.#child?.exitCode !== null) this.#start();
      return this.isReady();
    };
    await eventually(isUp, 60_000, 100);
  }

  #start(): void {
    const quiet = process.env['LOG_LEVEL'] === undefined;
    this.#child = spawn(
      process.execPath,
      ['--no-warnings', ...memoryOptions[this.service], `services/${this.service}/src/start.ts`],
      {
        cwd: root,
        stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
        env: {
          ...process.env,
          ...memoryVariables,
          NODE_OPTIONS: '',
          // Instances start again and again.
          NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
          LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
          ...this.#variables,
        },
      },
    );
  }

  async isReady(): Promise<boolean> {
    return (await fetchOnce(`http://127.0.0.1:${this.#opsPort}/readyz`)).ok;
  }

  /** Ends it without a word, as a crash would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /**
   * Asks it to stop, as an operator does, and waits until it has.
   *
   * @throws when it did not stop in order
   */
  async terminate(): Promise<void> {
    const code = await this.#end('SIGTERM');
    if (code !== 0) throw new Error(`${this.service} ended with ${code} after SIGTERM`);
  }

  /** Bytes of memory that it holds (RSS). */
  get memory(): number {
    const pages = readFileSync(`/proc/${this.#child?.pid}/statm`, 'latin1').split(' ')[1];
    return Number(pages) * 4_096;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return 0;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    }
    return child.exitCode;
  }
}
