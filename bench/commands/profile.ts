import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { monotonicMs } from '../load/monotonic.ts';
import { drain } from '../measure/slice.ts';
import { profileTable, summarise, type CpuProfile, type Span } from '../report/cpu-profile.ts';
import { Stage } from '../stage.ts';
import { serviceNames, type System, type SystemName } from '../systems/system.ts';

export interface ProfileOptions {
  readonly system: SystemName;
  readonly connections: number;
  /** So many, behind a warm-up with a quarter of them. */
  readonly tickets: number;
  /** For the profiles themselves, which Chromium's developer tools open. */
  readonly folder: string;
}

/** Finer than the profiler's millisecond: a ticket takes less. In microseconds. */
const everyUs = 250;
const longestMs = 10 * 60_000;

/** Where the services' processor time goes under load, by package and by function. */
export async function runProfile({ system: name, connections, tickets, folder }: ProfileOptions): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const stage = await Stage.open();
  try {
    const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${resolve(folder)}`, `--cpu-prof-interval=${everyUs}`];
    const system = await stage.start(name, 'profile', { nodeOptions });
    const order = { scenario: 'spread', loop: { kind: 'closed', connections }, withPhones: true } as const;
    const loadAndDrain = async (count: number): Promise<number> => {
      const result = await stage.load(system, { ...order, warmUpMs: 0, measureMs: longestMs, tickets: count });
      await drain(stage, system, result, true);
      return result.created;
    };
    await loadAndDrain(tickets / 4);
    const from = monotonicMs();
    const created = await loadAndDrain(tickets);
    const to = monotonicMs();
    // The profiles are written when the processes end.
    await stage.end(system);
    return reportOf(system, folder, created, { from, to });
  } finally {
    await stage.close();
  }
}

function reportOf({ services }: System, folder: string, tickets: number, span: Span): string {
  const files = readdirSync(folder);
  return serviceNames
    .map((service) => {
      const file = files.findLast((name) => name.includes(`.${services[service].pid}.`))!;
      const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
      return `## ${service}\n\n${file}, ${tickets} tickets\n\n${profileTable(summarise(profile, span), tickets)}`;
    })
    .join('\n\n');
}
