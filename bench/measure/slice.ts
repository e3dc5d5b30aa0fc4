import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'amqplib';
import { LatencyRecorder, type Latencies } from '../load/latencies.ts';
import type { LoadOrder, LoadResult, Loop, ScenarioName } from '../load/order.ts';
import type { Stage } from '../stage.ts';
import type { System, SystemName } from '../systems/system.ts';
import { usages, type Usage } from './processes.ts';

/** One system under one load for a few seconds, and then until nothing of it is left to do. */
export interface Slice {
  readonly system: SystemName;
  readonly scenario: ScenarioName;
  readonly loop: Loop;
  /** Which of the pairs it belongs to. */
  readonly pair: number;
  /** Requests answered as they should be, a second. */
  readonly perSecond: number;
  readonly latencies: Latencies;
  /** From the moment that a ticket was asked for until the provider was called for it. */
  readonly toProvider: Latencies | undefined;
  readonly lateness: Latencies | undefined;
  readonly created: number;
  readonly failures: Readonly<Record<string, number>>;
  /** From the last answer until the provider had been called for every ticket. */
  readonly drainSeconds: number;
  /** By purpose, warm-up and drain included. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  readonly cpuMsPerRequest: Readonly<Record<string, number>>;
  /** At the end. */
  readonly rssMb: Readonly<Record<string, number>>;
}

export type SliceOrder = Omit<LoadOrder, 'apiUrl' | 'firstIndex'>;

const drainsWithinMs = 300_000;
const lookEveryMs = 25;
/** Behind its last call the provider's answer is still noted down, acknowledged and marked; nothing outside tells when. */
const settlesWithinMs = 500;

/** Loads a system, waits until all is done, and tells what it took. */
export async function measureSlice(stage: Stage, system: System, order: SliceOrder, pair: number): Promise<Slice> {
  const purposes = stage.purposes(system);
  const before = usages(purposes);
  const result = await stage.load(system, order);
  const drainSeconds = await drain(stage, system, result, order.withPhones);
  const after = usages(purposes);
  const cpuSeconds = mapValues(after, ({ cpuSeconds: now }, of) => now - (before.get(of)?.cpuSeconds ?? 0));
  // Over all requests, those of the warm-up too, as the processor's time is.
  const requests = result.created + result.read;
  return {
    system: system.name,
    scenario: order.scenario,
    loop: order.loop,
    pair,
    perSecond: result.measured / result.measuredSeconds,
    latencies: result.latencies,
    toProvider: order.withPhones ? await timesToProvider(stage, result) : undefined,
    lateness: result.lateness,
    created: result.created,
    failures: result.failures,
    drainSeconds,
    cpuSeconds,
    cpuMsPerRequest: Object.fromEntries(
      Object.entries(cpuSeconds).map(([of, seconds]) => [of, (seconds * 1_000) / requests]),
    ),
    rssMb: mapValues(after, ({ rssMb }) => rssMb),
  };
}

function mapValues(usage: ReadonlyMap<string, Usage>, value: (usage: Usage, of: string) => number) {
  return Object.fromEntries([...usage].map(([of, used]) => [of, value(used, of)]));
}

type Loaded = LoadResult & { readonly firstIndex: number };

/**
 * Waits for what comes behind the answers: it must not fall on the next slice.
 *
 * @returns the seconds until the last SMS
 */
export async function drain(stage: Stage, system: System, result: Loaded, withPhones: boolean): Promise<number> {
  const startedAt = performance.now();
  const giveUpAt = startedAt + drainsWithinMs;
  const isDone = withPhones ? () => allCalled(stage, result) : await eventsAreGone(system);
  while (!(await isDone())) {
    if (performance.now() > giveUpAt)
      throw new Error(`${system.name} still had SMS to send after ${drainsWithinMs} ms`);
    await pause(lookEveryMs);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await pause(settlesWithinMs);
  return seconds;
}

async function allCalled(stage: Stage, { firstIndex, askedAt, created }: Loaded): Promise<boolean> {
  const range = { from: firstIndex, to: firstIndex + askedAt.length };
  return (await stage.askProvider<number>({ ask: 'how many', ...range })) >= created;
}

/** Without phones nothing but the queue tells that the events were handled. */
async function eventsAreGone({ servers, eventQueue }: System): Promise<() => Promise<boolean>> {
  return async () => {
    const connection = await connect(servers.amqpUrl);
    const channel = await connection.createChannel();
    const { messageCount } = await channel.checkQueue(eventQueue);
    await connection.close();
    return messageCount === 0;
  };
}

async function timesToProvider(stage: Stage, { firstIndex, askedAt }: Loaded): Promise<Latencies> {
  const range = { from: firstIndex, to: firstIndex + askedAt.length };
  const calledAt = await stage.askProvider<Float64Array>({ ask: 'when', ...range });
  const recorder = new LatencyRecorder();
  for (const [index, from] of askedAt.entries()) {
    const at = calledAt[index]!;
    if (!Number.isNaN(from) && !Number.isNaN(at)) recorder.record(at - from);
  }
  return recorder.latencies;
}
