import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, identify, isStopped, signal, stackMarker } from '../processes.ts';
import type { StackContext } from '../stack-context.ts';

export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment, but for the stack's marker, which is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes what the process prints. */
  readonly logFile: string;
  /** With an IPC channel to the supervisor, for our own Node.js processes. */
  readonly ipc?: boolean;
}

/** A thread that writes to the disk stands still only after that. */
const pauseMs = 10_000;

const lastLines = (file: string) => readFileSync(file, 'utf8').trim().split('\n').slice(-8).join('\n');

/** A process of a server that can be started again and again, written into the ledger each time. */
export class Child {
  readonly #spec: ChildSpec;
  readonly #context: StackContext;
  #process: ChildProcess | undefined;
  #exit: Promise<unknown> = Promise.resolve();

  constructor(context: StackContext, spec: ChildSpec) {
    this.#context = context;
    this.#spec = spec;
  }

  get isRunning(): boolean {
    return this.#process?.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** In a session of its own, so that no terminal's signal reaches it and its whole group can be killed. */
  start(): ChildProcess {
    const { command, args, env, logFile, ipc } = this.#spec;
    this.#context.ending.throwIfAborted();
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    const child = spawn(command, args, {
      env: { ...env, [stackMarker]: this.#context.id },
      stdio: ['ignore', log, log, ...(ipc ? (['ipc'] as const) : [])],
      detached: true,
    });
    closeSync(log);
    // The outcome shows in isRunning; without a listener a failed spawn would end the supervisor.
    child.on('error', () => {});
    this.#process = child;
    // Not what /proc says: a server with many threads is a zombie there while some of them still hold its port.
    this.#exit = new Promise((resolve) => child.once('exit', resolve));
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) this.#context.ledger.addProcess(identity);
    return child;
  }

  /** Throws with the end of its log if it has ended. */
  mustRun(): void {
    if (!this.isRunning) throw new Error(`${this.#spec.name} ended by itself:\n${lastLines(this.#spec.logFile)}`);
  }

  /** Stops it in its tracks, and resolves once no thread of it runs any more. */
  async pause(): Promise<void> {
    const { pid } = this.#process ?? {};
    this.#signal('SIGSTOP');
    if (pid === undefined || (await eventually(() => !this.isRunning || isStopped(pid), pauseMs))) return;
    throw new Error(`${this.#spec.name} could not be paused`);
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  /** Asks with a signal, waits, and kills the process with its group if it does not go. A stopped process is continued first. */
  async end(name: NodeJS.Signals, graceMs: number): Promise<void> {
    const { pid } = this.#process ?? {};
    if (pid === undefined) return;
    this.#signal(name);
    if (name !== 'SIGKILL') this.#signal('SIGCONT');
    await this.#exitWithin(graceMs);
    this.#signal('SIGKILL');
    await this.#exitWithin(5_000);
    signal(-pid, 'SIGKILL');
  }

  #signal(name: NodeJS.Signals): void {
    if (this.isRunning) this.#process?.kill(name);
  }

  async #exitWithin(ms: number): Promise<void> {
    if (!this.isRunning) return;
    const giveUp = new AbortController();
    await Promise.race([this.#exit, delay(ms, undefined, { signal: giveUp.signal }).catch(() => {})]);
    giveUp.abort();
  }
}
