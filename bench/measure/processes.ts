import { readdirSync, readFileSync } from 'node:fs';

/** What a process, or several of one purpose, took of the machine. */
export interface Usage {
  /** Processor time since the start, in seconds. */
  readonly cpuSeconds: number;
  /** Resident memory, in MB. Of several processes the sum, in which what they share counts for each. */
  readonly rssMb: number;
}

/** `USER_HZ`, which Linux has had at 100 on every architecture since 2.6. */
const ticksPerSecond = 100;
const pageBytes = 4_096;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Of its own, and of its children that have ended and were waited for. */
  readonly ticks: number;
  readonly pages: number;
}

function readStat(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Behind the name, which may hold spaces and parentheses; `man proc_pid_stat` counts from 3 here.
    const field = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = field[11]! + field[12]! + field[13]! + field[14]!;
    return { pid, parent: field[1]!, ticks, pages: field[21]! };
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** All processes of the machine that descend from this one. */
function descendants(): Stat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found: Stat[] = [];
  for (let next = children.get(process.pid) ?? []; next.length > 0;) {
    found.push(...next);
    next = next.flatMap(({ pid }) => children.get(pid) ?? []);
  }
  return found;
}

/** Purposes of devstack's processes, by what their command lines hold. */
const ofDevstack: readonly (readonly [purpose: string, mark: RegExp])[] = [
  ['database gateway', /documentdb\/gateway/],
  ['database', /postgres|mongod/],
  ['broker', /beam|erl_child|epmd|inet_gethost/],
];

function purposeOf(pid: number): string | undefined {
  const command = commandOf(pid);
  return ofDevstack.find(([, mark]) => mark.test(command))?.[0];
}

/**
 * What every process under this one has used until now, by its purpose: those named here, and the servers where devstack has
 * started them on this machine. Linux only; elsewhere there is nothing.
 *
 * @param named purposes by process id
 */
export function usages(named: ReadonlyMap<number, string>): ReadonlyMap<string, Usage> {
  if (process.platform !== 'linux') return new Map();
  const byPurpose = Map.groupBy(descendants(), ({ pid }) => named.get(pid) ?? purposeOf(pid) ?? 'other');
  byPurpose.delete('other');
  return new Map(
    [...byPurpose].map(([purpose, stats]) => {
      const cpuSeconds = stats.reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond;
      const rssMb = (stats.reduce((sum, { pages }) => sum + pages, 0) * pageBytes) / 1e6;
      return [purpose, { cpuSeconds, rssMb }];
    }),
  );
}
