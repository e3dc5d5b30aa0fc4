import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolate, startStack, type Stack } from '@turno/devstack';
import { freePorts } from '../e2e/free-ports.ts';
import type { LoadOrder, LoadResult } from './load/order.ts';
import { ask } from './processes/questions.ts';
import { Spawned } from './processes/spawned.ts';
import type { ProviderQuestion } from './provider/questions.ts';
import { startFloor } from './systems/floor.ts';
import type { Surroundings, System, SystemName } from './systems/system.ts';
import { buildTurno, startTurno } from './systems/turno.ts';

const starters = { turno: startTurno, floor: startFloor };

/** What stands around the systems that are measured: servers, the SMS provider, the load generator. */
export class Stage {
  readonly stack: Stack;
  readonly #folder: string;
  readonly #provider: Spawned;
  readonly #generator: Spawned;
  readonly #providerUrl: string;
  readonly #systems = new Set<System>();
  #nextIndex = 0;

  private constructor(parts: { stack: Stack; folder: string; provider: Spawned; generator: Spawned; port: number }) {
    this.stack = parts.stack;
    this.#folder = parts.folder;
    this.#provider = parts.provider;
    this.#generator = parts.generator;
    this.#providerUrl = `http://127.0.0.1:${parts.port}/sms`;
  }

  /** Builds Turno, starts the servers (or takes those that `AMQP_URL` and `MONGO_URL` name) and the bench's own processes. */
  static async open(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'turno-bench-'));
    const [stack] = await Promise.all([startStack({ name: 'bench', keepData: false }), buildTurno()]);
    const [port] = (await freePorts(1)) as [number];
    const start = async (name: string, script: string): Promise<Spawned> => {
      const env = { BENCH_PROVIDER_PORT: String(port) };
      const process = new Spawned(name, { args: [script], env, logFile: join(folder, `${name}.log`), talks: true });
      await process.message();
      return process;
    };
    const provider = await start('provider', 'bench/provider/provider.ts');
    const generator = await start('load generator', 'bench/load/generator.ts');
    const stage = new Stage({ stack, folder, provider, generator, port });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void stage.close().finally(() => process.exit(1)));
    }
    return stage;
  }

  /** Installs a system on a vhost and a database of its own, and starts it. */
  async start(name: SystemName, label: string, more: Pick<Surroundings, 'via' | 'nodeOptions'> = {}): Promise<System> {
    const servers = await isolate(this.stack, `bench-${label}`);
    return this.startOn(servers, name, more);
  }

  async startOn(
    servers: Surroundings['servers'],
    name: SystemName,
    more: Pick<Surroundings, 'via' | 'nodeOptions'> = {},
  ): Promise<System> {
    const logFolder = join(this.#folder, servers.vhost);
    mkdirSync(logFolder, { recursive: true });
    const system = await starters[name]({ servers, providerUrl: this.#providerUrl, logFolder, ...more });
    this.#systems.add(system);
    return system;
  }

  /** Stops a system; what it has stored stays. */
  async stop(system: System): Promise<void> {
    this.#systems.delete(system);
    await system.stop();
  }

  /** Stops a system and removes what it had stored. */
  async end(system: System): Promise<void> {
    await this.stop(system);
    await system.servers.dispose();
  }

  /** Has requests sent to a system, and the answers measured. */
  async load(
    system: System,
    order: Omit<LoadOrder, 'apiUrl' | 'firstIndex'>,
  ): Promise<LoadResult & { firstIndex: number }> {
    const firstIndex = this.#nextIndex;
    const whole: LoadOrder = { ...order, apiUrl: system.apiUrl, firstIndex };
    const result = await ask<LoadResult>(this.#generator, whole);
    this.#nextIndex = firstIndex + result.askedAt.length;
    return { ...result, firstIndex };
  }

  askProvider<A extends number | Float64Array>(question: ProviderQuestion): Promise<A> {
    return ask(this.#provider, question);
  }

  /** The processes of a system and of the bench, by their ids. */
  purposes({ services }: System): ReadonlyMap<number, string> {
    const processes = [
      ...Object.entries(services),
      ['provider', this.#provider],
      ['load generator', this.#generator],
    ] as const;
    return new Map(processes.map(([purpose, { pid }]) => [pid, purpose]));
  }

  async close(): Promise<void> {
    for (const system of this.#systems) await system.stop();
    await this.#generator.stop();
    await this.#provider.stop();
    await this.stack.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
