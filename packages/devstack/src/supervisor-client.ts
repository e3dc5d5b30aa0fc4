import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { cacheFolder, checkoutRoot, stackId } from './checkout.ts';
import type { Display } from './display.ts';
import { ledgerFile } from './ledger.ts';
import type { Action, ServerName, StackAddresses, StartRequest, ToOwner, ToSupervisor } from './messages.ts';

interface PendingAction {
  resolve(output: string): void;
  reject(error: Error): void;
}

/** The owner's end of the channel to its supervisor. Keeps the owner's event loop alive only while an answer is awaited. */
export class SupervisorClient {
  readonly #child: ChildProcess;
  readonly #display: Display;
  readonly #logFile: string;
  readonly #pending = new Map<number, PendingAction>();
  readonly #exited: Promise<void>;
  #ready: { resolve(addresses: StackAddresses): void; reject(error: Error): void } | undefined;
  #lastId = 0;
  #stopping = false;

  constructor(name: string, display: Display) {
    this.#display = display;
    this.#logFile = ledgerFile(cacheFolder(), stackId(checkoutRoot(), name)).replace(/json$/, 'log');
    this.#child = forkSupervisor(this.#logFile);
    this.#exited = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.on('message', (message: ToOwner) => this.#receive(message));
    this.#child.once('error', (error) => this.#end(error));
    this.#child.once('exit', () => this.#end(new Error(`devstack's supervisor has ended; see ${this.#logFile}`)));
  }

  /** Resolves once both servers answer. */
  async start(request: StartRequest): Promise<StackAddresses> {
    const ready = new Promise<StackAddresses>((resolve, reject) => (this.#ready = { resolve, reject }));
    this.#send(request);
    const addresses = await ready;
    this.#rest();
    return addresses;
  }

  /** Has the supervisor do something to a server; resolves to the output of a command. */
  act(server: ServerName, action: Action, args: readonly string[] = []): Promise<string> {
    if (!this.#child.connected) return Promise.reject(new Error(`the stack has ended; see ${this.#logFile}`));
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.channel?.ref();
      this.#send({ type: 'action', id, server, action, args });
    });
  }

  /** Resolves once the supervisor has put everything away and is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.ref();
    if (this.#child.connected) this.#send({ type: 'stop' });
    await this.#exited;
  }

  #send(message: ToSupervisor): void {
    this.#child.send(message, undefined, undefined, () => {});
  }

  #rest(): void {
    if (this.#pending.size > 0 || this.#stopping) return;
    this.#child.channel?.unref();
    this.#child.unref();
  }

  #receive(message: ToOwner): void {
    if (message.type === 'line') this.#display.line(message.text);
    else if (message.type === 'phase') this.#display.phase(message.text, message.seconds);
    else if (message.type === 'ready') this.#ready?.resolve(message);
    else if (message.type === 'failed') this.#ready?.reject(new Error(message.message));
    else this.#settle(message);
  }

  #settle(message: Extract<ToOwner, { id: number }>): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'result') pending?.resolve(message.output);
    else pending?.reject(new Error(message.message));
    this.#rest();
  }

  #end(error: Error): void {
    this.#ready?.reject(error);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}

/** On the owner's own Node.js without its flags: Jest's workers carry some that a plain script cannot start with. */
function forkSupervisor(logFile: string): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = fork(join(import.meta.dirname, `supervisor${extname(import.meta.filename)}`), {
    cwd: '/',
    detached: true,
    env,
    execArgv: ['--no-warnings'],
    execPath: process.execPath,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}
