// `pnpm bench`: how fast Turno is, beside a floor that does none of its work.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { growthReport, runGrowth } from './commands/growth.ts';
import { memoryReport, runMemory } from './commands/memory.ts';
import { runPairs } from './commands/pairs.ts';
import { runProfile } from './commands/profile.ts';
import { restReport, runRest } from './commands/rest.ts';
import { scenarioNames, type ScenarioName } from './load/order.ts';
import { loadNow } from './report/machine.ts';
import { pairsPlot } from './report/pairs-plot.ts';
import { pairsReport } from './report/pairs-report.ts';
import type { SystemName } from './systems/system.ts';

const loadBefore = loadNow();
/** Progress goes to standard error: what is on standard output is the report alone. */
const say = (line: string): void => console.error(line);

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}

const positives = (text: string): number[] => text.split(',').map(positive);

/** Every command has these. */
interface Output {
  readonly json?: true;
  readonly out: string;
}

/** Prints what was found, and keeps it unless the folder is `-`. */
function tell(
  name: string,
  { json, out }: Output,
  result: object,
  report: string,
  more: Record<string, string> = {},
): void {
  const asJson = JSON.stringify(result, null, 2);
  console.log(json ? asJson : report);
  if (out === '-') return;
  mkdirSync(out, { recursive: true });
  const files = Object.entries({ json: asJson, md: report, ...more });
  for (const [ending, content] of files) writeFileSync(join(out, `${name}.${ending}`), `${content}\n`);
  say(`Written to ${out}: ${files.map(([ending]) => `${name}.${ending}`).join(', ')}`);
}

const program = new Command('bench')
  .description('Measures Turno, and beside it a floor: the same flow written by hand, which does none of its work.')
  .configureHelp({ helpWidth: 100 });

function command(name: string, description: string, isDefault = false): Command {
  return program
    .command(name, { isDefault })
    .description(description)
    .option('--json', 'print JSON instead of tables')
    .option('--out <folder>', 'for what was found, as JSON and tables; - for none', 'bench/results');
}

interface PairsFlags extends Output {
  readonly scenario: readonly ScenarioName[];
  readonly connections: readonly number[];
  readonly rate?: readonly number[];
  readonly pairs: number;
  readonly seconds: number;
  readonly sms: boolean;
  readonly quick?: true;
}

const quick = { scenario: ['spread'], connections: [1, 64], pairs: 1, seconds: 1, out: '-' } as const;

command('pairs', 'Turno and the floor under the same load, A B A B', true)
  .addOption(new Option('--scenario <name...>', 'what is asked for').choices(scenarioNames).default(['spread', 'hot']))
  .option(
    '--connections <list>',
    'callers of the closed loop, who ask again once answered',
    positives,
    [1, 16, 64, 256],
  )
  .option('--rate <list>', 'requests a second of the open loop (default: half of either peak)', positives)
  .option('--pairs <count>', 'pairs for each load', positive, 5)
  .option('--seconds <count>', 'measured in each half of a pair', positive, 8)
  .option('--no-sms', 'tickets without a phone')
  .option('--quick', 'a smoke run of half a minute, which keeps nothing')
  .action(async (given: PairsFlags) => {
    const {
      scenario: scenarios,
      rate: rates,
      sms: withPhones,
      ...flags
    } = given.quick ? { ...given, ...quick } : given;
    const warmUpSeconds = Math.min(flags.seconds, 5);
    const result = await runPairs({ ...flags, scenarios, rates, withPhones, warmUpSeconds, loadBefore, say });
    tell('pairs', flags, result, pairsReport(result), { svg: pairsPlot(result) });
  });

command('growth', 'Turno with few stored tickets and with many, A B A B')
  .option('--stored <few,many>', 'tickets that are there before', positives, [1_000, 1_000_000])
  .option('--connections <list>', 'callers of the closed loop', positives, [1, 64])
  .option('--pairs <count>', 'pairs for each load', positive, 5)
  .option('--seconds <count>', 'measured in each half of a pair', positive, 8)
  .action(
    async (flags: Output & { stored: [number, number]; connections: number[]; pairs: number; seconds: number }) => {
      const result = await runGrowth({ ...flags, loadBefore, say });
      tell('growth', flags, result, growthReport(result));
    },
  );

command('memory', 'what the services hold of memory while tickets are made')
  .option('--tickets <count>', 'so many', positive, 200_000)
  .option('--connections <count>', 'callers of the closed loop', positive, 64)
  .action(async (flags: Output & { tickets: number; connections: number }) => {
    const result = await runMemory({ ...flags, loadBefore, say });
    tell('memory', flags, result, memoryReport(result));
  });

command('rest', 'start-up of the services, and what they take of the processor when idle')
  .option('--starts <count>', 'so often', positive, 5)
  .option('--seconds <count>', 'of idleness', positive, 30)
  .action(async (flags: Output & { starts: number; seconds: number }) => {
    const result = await runRest({ ...flags, loadBefore });
    tell('rest', flags, result, restReport(result));
  });

program
  .command('profile')
  .description("where the services' processor time goes, by package and function")
  .addOption(new Option('--system <name>', 'which').choices(['turno', 'floor']).default('turno'))
  .option('--connections <count>', 'callers of the closed loop', positive, 64)
  .option('--tickets <count>', 'so many, behind a warm-up', positive, 20_000)
  .option('--folder <folder>', 'for the profiles, which the developer tools of Chromium open', '/tmp/turno-profiles')
  .action(
    async ({ system, ...flags }: { system: SystemName; connections: number; tickets: number; folder: string }) => {
      console.log(await runProfile({ system, ...flags }));
    },
  );

await program.parseAsync();
