import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Stack } from '@turno/devstack';

/** Where figures come from. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly broker: string;
  readonly database: string;
  /** Of the sources, with a `+` when they have been changed since. */
  readonly commit: string;
  /** The machine's load in the minute before: what else was running. */
  readonly loadBefore: number;
}

/** Taken before anything is started. */
export function loadNow(): number {
  return Math.round(loadavg()[0]! * 100) / 100;
}

export function describeMachine({ broker, database }: Pick<Stack, 'broker' | 'database'>, loadBefore: number): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    broker: withoutAddress(broker.description),
    database: withoutAddress(database.description),
    commit: commit(),
    loadBefore,
  };
}

export function machineInWords(machine: Machine): string {
  const { processor, cores, memoryGb, kernel, node, broker, database, commit: of, loadBefore } = machine;
  return (
    `${cores} cores (${processor}), ${memoryGb} GB, Linux ${kernel}, Node.js ${node}, ${broker}, ${database}; ` +
    `commit ${of}; load before the run ${loadBefore}`
  );
}

/** A load of more than this before the run says that somebody else was at work. */
export const quietLoad = 0.5;

const withoutAddress = (description: string): string => description.replace(/, at .*/, '');
const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();

function commit(): string {
  try {
    const changed = git('status', '--porcelain', '--', 'services', 'packages') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
}
