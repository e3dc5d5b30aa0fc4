import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that a recycled pid is never mistaken for: the pid together with the kernel's start time of it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, in clock ticks since boot; empty where there is no /proc. */
  readonly startTime: string;
}

/** Every process of a stack inherits this variable with the stack's id, so that strays can be found without their pids. */
export const stackMarker = 'TURNO_DEVSTACK_ID';

const hasProc = process.platform === 'linux';

/**
 * State letter and start time of a process, or of a thread (`PID/task/TID`); nothing if there is no such one. The name in
 * field 2 may contain spaces and parentheses.
 */
function readStat(id: number | string): { state: string; startTime: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** The identity of a living process; nothing if it has gone already. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!hasProc) return { pid, startTime: '' };
  const stat = readStat(pid);
  return stat && { pid, startTime: stat.startTime };
}

/** Whether that very process still runs. A zombie does not: nothing but its parent can remove it. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  if (!hasProc) return signal(pid, 0);
  const stat = readStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}

/** Whether all threads of a process stand still. After SIGSTOP the last of them may run on for a moment. */
export function isStopped(pid: number): boolean {
  if (!hasProc) return true;
  const threads = readOrEmpty(() => readdirSync(`/proc/${pid}/task`).join(' ')).split(' ');
  return threads.every((thread) => readStat(`${pid}/task/${thread}`)?.state === 'T');
}

/** Sends a signal; false if there is no such process (any more). */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Resolves to whether the condition came true within the time. */
export async function eventually(condition: () => boolean, withinMs: number, everyMs = 20): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
}

function readOrEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** PostgreSQL's backends overwrite their environment with their title, but stand in the data directory. */
function belongsTo(pid: number, stackId: string, folder: string): boolean {
  const environment = readOrEmpty(() => readFileSync(`/proc/${pid}/environ`, 'latin1'));
  if (environment.split('\0').includes(`${stackMarker}=${stackId}`)) return true;
  const cwd = readOrEmpty(() => readlinkSync(`/proc/${pid}/cwd`));
  return cwd === folder || cwd.startsWith(`${folder}/`);
}

/** All living processes of a stack: those with its marker in the environment or their working directory in its folder. */
export function processesOf(stackId: string, folder: string): ProcessIdentity[] {
  if (!hasProc) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && belongsTo(pid, stackId, folder))
    .flatMap((pid) => identify(pid) ?? [])
    .filter(isRunning);
}

/** Kills every process `find` names until it names none. Throws if some survive for 10 s. */
export async function killAll(find: () => ProcessIdentity[]): Promise<void> {
  const gone = await eventually(() => {
    const left = find();
    for (const { pid } of left) signal(pid, 'SIGKILL');
    return left.length === 0;
  }, 10_000);
  if (!gone) {
    const pids = find().map(({ pid }) => pid);
    throw new Error(`processes ${pids.join(', ')} could not be killed`);
  }
}
