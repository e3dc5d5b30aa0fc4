// `pnpm bench`: how fast Turno is, beside a floor that does none of its work.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runPairs } from './commands/pairs.ts';
import { scenarioNames, type ScenarioName } from './load/order.ts';
import { loadNow } from './report/machine.ts';
import { pairsPlot } from './report/pairs-plot.ts';
import { pairsReport } from './report/pairs-report.ts';

const loadBefore = loadNow();
/** Progress goes to standard error: what is on standard output is the report alone. */
const say = (line: string): void => console.error(line);

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}

function positives(text: string): number[] {
  return text.split(',').map(positive);
}

function save(folder: string, name: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [ending, content] of Object.entries(files))
    writeFileSync(join(folder, `${name}.${ending}`), `${content}\n`);
  say(
    `Written to ${folder}: ${Object.keys(files)
      .map((ending) => `${name}.${ending}`)
      .join(', ')}`,
  );
}

interface PairsFlags {
  readonly scenario: readonly ScenarioName[];
  readonly connections: readonly number[];
  readonly rate?: readonly number[];
  readonly pairs: number;
  readonly seconds: number;
  readonly sms: boolean;
  readonly quick?: true;
  readonly json?: true;
  readonly out: string;
}

const quick = { scenario: ['spread'], connections: [1, 64], pairs: 1, seconds: 1 } as const;

async function pairs(flags: PairsFlags): Promise<void> {
  const { scenario, connections, pairs: count, seconds } = flags.quick ? { ...flags, ...quick } : flags;
  const result = await runPairs({
    scenarios: scenario,
    connections,
    rates: flags.rate,
    pairs: count,
    seconds,
    warmUpSeconds: Math.min(seconds, 5),
    withPhones: flags.sms,
    loadBefore,
    say,
  });
  const json = JSON.stringify(result, null, 2);
  const report = pairsReport(result);
  console.log(flags.json ? json : report);
  if (!flags.quick) save(flags.out, 'pairs', { json, md: report, svg: pairsPlot(result) });
}

const program = new Command('bench')
  .description('Measures Turno, and beside it a floor: the same flow written by hand, which does none of its work.')
  .configureHelp({ helpWidth: 100 });

program
  .command('pairs', { isDefault: true })
  .description('Turno and the floor under the same load, A B A B')
  .addOption(new Option('--scenario <name...>').choices(scenarioNames).default(['spread', 'hot']))
  .option(
    '--connections <list>',
    'callers of the closed loop, who ask again once they are answered',
    positives,
    [1, 16, 64, 256],
  )
  .option('--rate <list>', 'requests a second of the open loop (default: half of either peak)', positives)
  .option('--pairs <count>', 'pairs for each load', positive, 5)
  .option('--seconds <count>', 'measured in each half of a pair', positive, 8)
  .option('--no-sms', 'tickets without a phone')
  .option('--quick', 'a smoke run of half a minute, which writes no files')
  .option('--json', 'print JSON instead of tables')
  .option('--out <folder>', 'for the JSON, the tables and the plot', 'bench/results')
  .action(pairs);

await program.parseAsync();
