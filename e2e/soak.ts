// `pnpm soak`: an installation broken at random under load, and the checker's verdict.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startStack, type Stack } from '@turno/devstack';
import type { Verdict } from './faults/checker.ts';
import { Dice } from './faults/dice.ts';
import { faultsOf } from './faults/faults.ts';
import type { ServiceProcess } from './faults/service-process.ts';
import { Harm } from './faults/harm.ts';
import { servesAgainWithinMs, ServiceProcesses } from './faults/service-processes.ts';

const usage = `Breaks a whole installation under load, and says what became of every request.

  pnpm soak [--minutes 10] [--every 5] [--seed N] [--callers 4]
  pnpm soak --without notifications [--minutes 10] [--callers 20]

  --minutes  how long
  --every    seconds from one fault to the next, whether or not the earlier one is over; after every fourth all is left to be over
  --seed     the same seed makes the same faults, in the same order
  --callers  callers who ask one request after the other; with --without they do so without pause
  --without  no faults: notifications is away all the time, and the memory of the others is watched

It starts its own broker and database, and two instances of ticketing and of notifications. Ends with 1 when a ticket or an
SMS is lost, doubled or made up, when the system did not serve again (a ticket and its SMS) within ${servesAgainWithinMs / 1_000} s of
a part's return while nothing else was broken, when that could not be judged once, when a fault failed, or when a service came to hold more than 1.5 times the memory it held at first.`;

interface Result {
  /** For the table, by what they say. */
  readonly figures: Readonly<Record<string, number | string>>;
  readonly isGood: boolean;
}

/** What came in for minutes while nobody sent an SMS takes its time; the verdict comes as soon as all is sent. */
const drainedWithinMs = 30 * 60_000;

const say = (line: string): void => console.log(line);
const mayGrowTo = 1.5;
const quietAfter = 4;

function readOptions() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      every: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      callers: { type: 'string' },
      without: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(usage);
    process.exit(0);
  }
  if (values.without !== undefined && values.without !== 'notifications') {
    throw new Error(`--without knows notifications only, and is ${values.without}`);
  }
  const number = (name: 'minutes' | 'every' | 'seed' | 'callers', byDefault?: string): number => {
    const value = Number(values[name] ?? byDefault);
    if (!(value > 0)) throw new Error(`--${name} is to be a number above 0, and is ${values[name]}`);
    return value;
  };
  return {
    minutes: number('minutes'),
    every: number('every'),
    seed: number('seed'),
    load: values.without ? { callers: number('callers', '20'), pauseMs: 0 } : { callers: number('callers', '4') },
    without: values.without,
  };
}
type Options = ReturnType<typeof readOptions>;

/**
 * A fault every so many seconds, also while an earlier one lasts, unless both are at the same part. After every fourth the
 * system is left alone until all are over and it has been watched: only then nothing else excuses that it does not serve.
 */
async function breakAtRandom(system: ServiceProcesses, stack: Stack, options: Options): Promise<Result> {
  const dice = new Dice(options.seed);
  const faults = faultsOf(system, stack, dice);
  const harm = new Harm(system, say);
  const struck: Promise<void>[] = [];
  const startAt = performance.now();
  while (performance.now() < startAt + options.minutes * 60_000) {
    struck.push(harm.by(dice.oneOf(faults)()));
    await pause(options.every * 1_000);
    if (struck.length % quietAfter === 0) await Promise.all(struck);
  }
  const seconds = (performance.now() - startAt) / 1_000;
  await Promise.all(struck);
  const { waits, notServed, failed, judged } = harm;
  const figures = {
    faults: struck.length,
    'seconds a fault, on average': (seconds / struck.length).toFixed(1),
    'faults that failed': failed,
    'returns judged': judged,
    'not served in time': notServed,
    'longest until served, ms': Math.max(0, ...waits),
  };
  return { figures, isGood: notServed === 0 && failed === 0 && judged > 0 };
}

/** The memory of those who go on while the consumer of the events is away, from when they are warm. */
async function withoutConsumer(system: ServiceProcesses, { minutes }: Options): Promise<Result> {
  await pause(20_000);
  for (const instance of system.notifications) await instance.terminate();
  const watched = [system.gateway, ...system.ticketing];
  const held = watched.map(memoryOf);
  const most = [...held];
  for (const endAt = performance.now() + minutes * 60_000; performance.now() < endAt; await pause(1_000)) {
    for (const [index, service] of watched.entries()) most[index] = Math.max(most[index]!, memoryOf(service));
  }
  for (const instance of system.notifications) await instance.run();
  const grown = most.map((megabytes, index) => megabytes / held[index]!);
  const figures = watched.map(({ service }, index) => [
    `memory of ${service}${index > 1 ? ' 2' : ''}, MB`,
    `${held[index]} at first, ${most[index]} at most: ${grown[index]!.toFixed(2)}x`,
  ]);
  return { figures: Object.fromEntries(figures), isGood: grown.every((times) => times <= mayGrowTo) };
}

const memoryOf = (service: ServiceProcess): number => Math.round(service.memory / 1_048_576);

function report(verdict: Verdict, { figures, isGood }: Result): boolean {
  const { lost, duplicated, unexpected, misnumbered, ...counts } = verdict;
  const findings = Object.entries({ lost, duplicated, unexpected, misnumbered });
  const found = Object.fromEntries(findings.map(([name, list]) => [name, list.length]));
  console.table({ ...counts, ...figures, ...found });
  for (const [name, list] of findings) for (const finding of list) say(`${name}: ${finding}`);
  return isGood && findings.every(([, list]) => list.length === 0);
}

const options = readOptions();
say(options.without ? `${options.without} is away.` : `The seed is ${options.seed}.`);
const stack = await startStack({ name: options.without ? 'soak-without' : 'soak', keepData: false });
const system = await ServiceProcesses.start('soak', { stack, instances: 2 });
const endLoad = system.callers.keepAsking({ ...options.load, seed: options.seed });
const result = await (options.without ? withoutConsumer(system, options) : breakAtRandom(system, stack, options));
await endLoad();
const isGood = report(await system.verdict(options.without ? drainedWithinMs : 120_000), result);
await system.stop();
await stack.stop();
process.exitCode = isGood ? 0 : 1;
