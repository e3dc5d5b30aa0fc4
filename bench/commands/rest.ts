import { setTimeout as pause } from 'node:timers/promises';
import { isolate } from '@turno/devstack';
import { usages } from '../measure/processes.ts';
import { atMost, boundsTable } from '../report/bounds.ts';
import { describeMachine, machineInWords, type Machine } from '../report/machine.ts';
import { markdownTable, rounded } from '../report/markdown.ts';
import { median } from '../report/statistics.ts';
import { Stage } from '../stage.ts';
import { serviceNames, type ServiceName, type System } from '../systems/system.ts';

export interface RestOptions {
  readonly starts: number;
  readonly seconds: number;
  readonly loadBefore: number;
}

export interface RestResult {
  readonly machine: Machine;
  readonly takenAt: string;
  readonly startUpMs: readonly Readonly<Record<ServiceName, number>>[];
  /** Of one core, by purpose. */
  readonly idlePercent: Readonly<Record<string, number>>;
  /** Resident, by purpose, after that. */
  readonly rssMb: Readonly<Record<string, number>>;
}

const settlesWithinMs = 5_000;

/** How long services take to start, and what they take of the processor when there is nothing to do. */
export async function runRest({ starts, seconds, loadBefore }: RestOptions): Promise<RestResult> {
  const stage = await Stage.open();
  try {
    const servers = await isolate(stage.stack, 'bench-rest');
    const startUpMs: Readonly<Record<ServiceName, number>>[] = [];
    let system: System | undefined;
    for (let start = 1; start <= starts; start++) {
      if (system) await stage.stop(system);
      system = await stage.startOn(servers, 'turno');
      startUpMs.push(system.startUpMs);
    }
    const used = await idle(stage, system!, seconds);
    const machine = describeMachine(stage.stack, loadBefore);
    return { machine, takenAt: new Date().toISOString(), startUpMs, ...used };
  } finally {
    await stage.close();
  }
}

async function idle(stage: Stage, system: System, seconds: number): Promise<Pick<RestResult, 'idlePercent' | 'rssMb'>> {
  const purposes = stage.purposes(system);
  await pause(settlesWithinMs);
  const before = usages(purposes);
  await pause(seconds * 1_000);
  const after = [...usages(purposes)];
  const percent = (of: string, now: number): number => ((now - (before.get(of)?.cpuSeconds ?? 0)) / seconds) * 100;
  return {
    idlePercent: Object.fromEntries(after.map(([of, { cpuSeconds }]) => [of, percent(of, cpuSeconds)])),
    rssMb: Object.fromEntries(after.map(([of, { rssMb }]) => [of, rssMb])),
  };
}

export function restReport({ machine, takenAt, startUpMs, idlePercent, rssMb }: RestResult): string {
  const startUp = (service: ServiceName): number => median(startUpMs.map((of) => of[service]));
  const rows = Object.entries(idlePercent).map(([of, percent]) => [of, rounded(percent), rounded(rssMb[of]!)]);
  return [
    `${takenAt}: ${machineInWords(machine)}.`,
    markdownTable(['idle', 'percent of a core', 'RSS, MB'], rows),
    boundsTable([
      ...serviceNames.map((service) => atMost(`start-up of ${service}`, 1_000, startUp(service), ' ms')),
      ...serviceNames.map((service) => atMost(`${service} when idle`, 1, idlePercent[service] ?? NaN, ' % of a core')),
    ]),
  ].join('\n\n');
}
