import { rm } from 'node:fs/promises';
import { cacheFolder, checkoutRoot, stackId } from './checkout.ts';
import { choose, stepsToTry } from './choose.ts';
import { hold, type Hold } from './exclusive.ts';
import { Ledger, ledgerFile, readLedger } from './ledger.ts';
import { killProcesses, removeLeftovers } from './leftovers.ts';
import type { StartRequest, ToOwner } from './messages.ts';
import { identify, isRunning, type ProcessIdentity } from './processes.ts';
import type { ManagedBroker, ManagedDatabase, ManagedRedis, ManagedServer } from './servers/server.ts';
import type { StackContext } from './stack-context.ts';

/** A supervisor whose owner is gone is about to end; the next start waits for it this long. */
const patienceWithEndingMs = 30_000;

function alreadyRunning(name: string, owner: ProcessIdentity | undefined): Error {
  const who = name === 'start' ? '`npm start` already runs' : `the stack "${name}" already runs`;
  return new Error(`${who} in this checkout${owner ? ` (pid ${owner.pid})` : ''}`);
}

/** Becomes the only supervisor of that stack. Throws if another one has an owner that lives. */
async function claim(name: string, id: string, ledger: string): Promise<Hold> {
  const deadline = Date.now() + patienceWithEndingMs;
  const ownerOfOther = () => readLedger(ledger)?.owner;
  const held = await hold(`stack ${ledger} ${id}`, () => {
    const owner = ownerOfOther();
    return Date.now() < deadline && (owner === undefined || !isRunning(owner));
  });
  if (!held) throw alreadyRunning(name, ownerOfOther());
  return held;
}

function requireIdentity(pid: number): ProcessIdentity {
  const identity = identify(pid);
  if (!identity) throw new Error(`process ${pid} is gone`);
  return identity;
}

/** Shows the current phase again every second, with the time since the start, until the next lasting line. */
class PhaseClock {
  readonly #tell: (message: ToOwner) => void;
  readonly #startedAt = Date.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (message: ToOwner) => void) {
    this.#tell = tell;
  }

  show(text: string): void {
    const tell = () => this.#tell({ type: 'phase', text, seconds: Math.round((Date.now() - this.#startedAt) / 1000) });
    this.stop();
    this.#timer = setInterval(tell, 1_000);
    tell();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** What a start has brought up. */
export interface StartedServers {
  readonly broker: ManagedBroker;
  readonly database: ManagedDatabase;
  readonly redis: ManagedRedis | undefined;
}

/** One start of a stack, from the claim of its name to the removal of everything that need not stay. */
export class SupervisedStack {
  readonly #held: Hold;
  readonly #context: StackContext;
  readonly #clock: PhaseClock;
  readonly #undo: (() => Promise<void>)[] = [];
  readonly #ending = new AbortController();

  private constructor(
    held: Hold,
    context: Omit<StackContext, 'ending' | 'onEnd' | 'phase' | 'line'>,
    tell: (message: ToOwner) => void,
  ) {
    this.#held = held;
    this.#clock = new PhaseClock(tell);
    this.#context = {
      ...context,
      ending: this.#ending.signal,
      onEnd: (undo) => this.#undo.push(undo),
      phase: (text) => this.#clock.show(text),
      line: (text) => {
        this.#clock.stop();
        tell({ type: 'line', text });
      },
    };
  }

  /** Claims the stack's name and puts away what a killed supervisor left. */
  static async open({ name, keepData }: StartRequest, tell: (message: ToOwner) => void): Promise<SupervisedStack> {
    const checkout = checkoutRoot();
    const cache = cacheFolder();
    const id = stackId(checkout, name);
    const held = await claim(name, id, ledgerFile(cache, id));
    if (await removeLeftovers(cache, id)) tell({ type: 'line', text: 'Put away what a killed start had left.' });
    const ledger = new Ledger(ledgerFile(cache, id), {
      checkout,
      supervisor: requireIdentity(process.pid),
      owner: requireIdentity(process.ppid),
      processes: [],
      containers: [],
      folders: [],
    });
    return new SupervisedStack(held, { id, keepData, checkout, cache, environment: process.env, ledger }, tell);
  }

  /** All servers at once, each from the first step that can give it. */
  async start(withRedis: boolean): Promise<StartedServers> {
    const steps = stepsToTry(process.env['TURNO_DEVSTACK']).map((step) => step(this.#context));
    const say = (text: string) => this.#context.line(text);
    const announce = <Server extends ManagedServer>(server: Server) => {
      this.#context.line(server.description);
      return server;
    };
    // Of all there is to test, one spec file wants it.
    const sayWhy = (error: unknown) => {
      say(error instanceof Error ? error.message : String(error));
      return undefined;
    };
    const [broker, database, redis] = await Promise.all([
      choose('broker', steps, (step) => step.broker(), say).then(announce),
      choose('database', steps, (step) => step.database(), say).then(announce),
      withRedis ? choose('redis', steps, (step) => step.redis(), say).then(announce, sayWhy) : undefined,
    ]);
    this.#clock.stop();
    return { broker, database, redis };
  }

  /** Everything this start started, in whatever state it is. */
  async end(): Promise<void> {
    this.#ending.abort(new Error('the stack is being put away'));
    this.#clock.stop();
    const { id, ledger } = this.#context;
    await Promise.allSettled(this.#undo.map((undo) => undo()));
    const { folders } = ledger.entries;
    await killProcesses(
      id,
      folders.map(({ path }) => path),
    );
    await Promise.all(
      folders.filter(({ keep }) => !keep).map(({ path }) => rm(path, { recursive: true, force: true })),
    );
    ledger.close();
    await this.#held.release();
  }
}
