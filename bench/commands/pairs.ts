import type { Loop, ScenarioName } from '../load/order.ts';
import { countOperations, type OperationsPerTicket } from '../measure/counting-pass.ts';
import { assertNumbersInOrder } from '../measure/numbers.ts';
import { measureSlice, type Slice, type SliceOrder } from '../measure/slice.ts';
import { compare, loopInWords } from '../report/comparison.ts';
import { rounded } from '../report/markdown.ts';
import type { PairsResult } from '../report/pairs-report.ts';
import { describeMachine } from '../report/machine.ts';
import { Stage } from '../stage.ts';
import type { System } from '../systems/system.ts';

export interface PairsOptions {
  readonly scenarios: readonly ScenarioName[];
  /** For the closed loop. */
  readonly connections: readonly number[];
  /** For the open loop, in requests a second; without them half of the floor's peak and half of Turno's. */
  readonly rates: readonly number[] | undefined;
  readonly pairs: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly withPhones: boolean;
  readonly loadBefore: number;
  readonly say: (line: string) => void;
}

const slowProviderMs = 200;

/** Turno and the floor, A B A B, under every load of every scenario. */
export async function runPairs(options: PairsOptions): Promise<PairsResult> {
  const stage = await Stage.open();
  const { pairs, seconds, withPhones, loadBefore } = options;
  const result: PairsResult = {
    machine: describeMachine(stage.stack, loadBefore),
    takenAt: new Date().toISOString(),
    options: { pairs, seconds, withPhones },
    startUpMs: [],
    slices: [],
    operations: [],
    halfOfPeak: {},
  };
  try {
    for (const scenario of options.scenarios) await new ScenarioRun(stage, scenario, options, result).run();
  } finally {
    await stage.close();
  }
  return result;
}

/** One scenario: both systems freshly installed, every load in pairs, then the counting. */
class ScenarioRun {
  readonly #stage: Stage;
  readonly #scenario: ScenarioName;
  readonly #options: PairsOptions;
  readonly #result: PairsResult;

  constructor(stage: Stage, scenario: ScenarioName, options: PairsOptions, result: PairsResult) {
    this.#stage = stage;
    this.#scenario = scenario;
    this.#options = options;
    this.#result = result;
  }

  async run(): Promise<void> {
    const stage = this.#stage;
    await stage.askProvider({ ask: 'answer after', ms: this.#scenario === 'slow' ? slowProviderMs : 0 });
    const systems = [
      await stage.start('turno', `${this.#scenario}-turno`),
      await stage.start('floor', `${this.#scenario}-floor`),
    ];
    this.#result.startUpMs.push(...systems.map(({ name: system, startUpMs }) => ({ system, ...startUpMs })));
    const { connections, warmUpSeconds } = this.#options;
    const busiest = { kind: 'closed', connections: Math.max(...connections) } as const;
    for (const system of systems) await measureSlice(stage, system, this.#order(busiest, warmUpSeconds), 0);
    const loops = connections.map((count): Loop => ({ kind: 'closed', connections: count }));
    await this.#runLoops(systems, loops);
    await this.#runLoops(systems, this.#rates());
    await this.#checkNumbers(systems[0]!);
    for (const system of systems) await stage.end(system);
    await this.#count(loops);
  }

  async #runLoops(systems: readonly System[], loops: readonly Loop[]): Promise<void> {
    for (const loop of loops) {
      for (let pair = 1; pair <= this.#options.pairs; pair++) {
        for (const system of systems) this.#note(await measureSlice(this.#stage, system, this.#order(loop), pair));
      }
    }
  }

  #note(slice: Slice): void {
    this.#result.slices.push(slice);
    const { system, scenario, loop, pair, perSecond, latencies, toProvider, failures } = slice;
    const failed = Object.entries(failures).map(([why, count]) => `, FAILED ${count} times: ${why}`);
    this.#options.say(
      `${scenario}, ${loopInWords(loop)}, ${pair}: ${system} ${rounded(perSecond)} a second, ` +
        `p50 ${rounded(latencies.p50)} ms, p99 ${rounded(latencies.p99)} ms, ` +
        `to provider p99 ${rounded(toProvider?.p99 ?? NaN)} ms${failed.join('')}`,
    );
  }

  /** Those of the floor need not be in order. */
  async #checkNumbers(turno: System): Promise<void> {
    const slices = this.#result.slices.filter(
      ({ system, scenario }) => system === 'turno' && scenario === this.#scenario,
    );
    const created = slices.reduce((sum, { created: of }) => sum + of, 0);
    await assertNumbersInOrder(turno, created);
  }

  /** Rates for the open loop. At more than its peak a system is only drowned: nothing is learnt. */
  #rates(): Loop[] {
    if (this.#options.rates) return this.#options.rates.map((perSecond) => ({ kind: 'open', perSecond }));
    const closed = compare(this.#result.slices).filter(
      ({ scenario, loop }) => scenario === this.#scenario && loop.kind === 'closed',
    );
    const halfOfPeak = (of: 'turno' | 'floor'): number =>
      Math.round(Math.max(...closed.map(({ figures }) => figures['requests a second'][of])) / 2);
    const ofTurno = halfOfPeak('turno');
    this.#result.halfOfPeak[this.#scenario] = ofTurno;
    return [...new Set([halfOfPeak('floor'), ofTurno])].map((perSecond) => ({ kind: 'open', perSecond }));
  }

  async #count(loops: readonly Loop[]): Promise<void> {
    const orders = loops.map((loop) => this.#order(loop, Math.min(3, this.#options.seconds)));
    const counted: OperationsPerTicket[] = [];
    for (const name of ['turno', 'floor'] as const) counted.push(...(await countOperations(this.#stage, name, orders)));
    this.#result.operations.push(...counted);
  }

  #order(loop: Loop, seconds = this.#options.seconds): SliceOrder {
    const { withPhones } = this.#options;
    return { scenario: this.#scenario, loop, warmUpMs: seconds * 200, measureMs: seconds * 1_000, withPhones };
  }
}
