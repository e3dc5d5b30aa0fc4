import { markdownTable } from './markdown.ts';

/** A profile as V8 writes it (`--cpu-prof`), as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    /** Ids of those that it calls. */
    readonly children?: readonly number[];
  }[];
  /** Of the monotonic clock, in microseconds. */
  readonly startTime: number;
  readonly samples: readonly number[];
  /** Microseconds from one sample to the next. */
  readonly timeDeltas: readonly number[];
}

type Sums = ReadonlyMap<string, number>;

/** Processor time in milliseconds, by name. */
export interface ProfileSummary {
  readonly busyMs: number;
  readonly byPackage: Sums;
  readonly byFunction: Sums;
  /** Turno's own functions with all that they call, until they wait for something. */
  readonly byOwnFunction: Sums;
}

type Frame = CpuProfile['nodes'][number]['callFrame'];

/** A part of a profile, in monotonic milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a process does by itself; what it waits for is no part of it. */
export function summarise(profile: CpuProfile, span: Span): ProfileSummary {
  const ancestors = ancestorsIn(profile);
  const byPackage = new Map<string, number>();
  const byFunction = new Map<string, number>();
  const byOwnFunction = new Map<string, number>();
  let busyMs = 0;
  for (const [id, ms] of selfTimes(profile, span)) {
    const [frame, ...callers] = ancestors(id);
    if (!frame || frame.functionName === '(idle)') continue;
    busyMs += ms;
    add(byPackage, packageOf(frame), ms);
    add(byFunction, functionOf(frame), ms);
    for (const own of new Set([frame, ...callers].filter(isOwn).map(functionOf))) add(byOwnFunction, own, ms);
  }
  return { busyMs, byPackage, byFunction, byOwnFunction };
}

/** Milliseconds of each node within the span. */
function selfTimes({ samples, startTime, timeDeltas }: CpuProfile, { from, to }: Span): Map<number, number> {
  const times = new Map<number, number>();
  let now = startTime / 1_000;
  for (const [index, id] of samples.entries()) {
    const ms = (timeDeltas[index] ?? 0) / 1_000;
    now += ms;
    if (now >= from && now <= to) times.set(id, (times.get(id) ?? 0) + ms);
  }
  return times;
}

/** Gives the frame of a node, its caller's, and so on. */
function ancestorsIn({ nodes }: CpuProfile): (id: number) => Frame[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  return (id) => {
    const found: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) found.push(frames.get(at)!);
    return found;
  };
}

function add(sums: Map<string, number>, name: string, ms: number): void {
  sums.set(name, (sums.get(name) ?? 0) + ms);
}

const isOwn = ({ url }: Frame): boolean => /\/(services|packages)\/[^/]+\/dist\//.test(url);

function packageOf({ functionName, url }: Frame): string {
  if (functionName.startsWith('(')) return functionName;
  if (url === '') return '(native)';
  if (url.startsWith('node:')) return url.replace(/^node:(internal\/)?([^/]+).*/, 'node:$2');
  const inModules = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return inModules ?? /\/((?:services|packages)\/[^/]+)/.exec(url)?.[1] ?? url;
}

function functionOf({ functionName, url, lineNumber }: Frame): string {
  const file = url.replace(/.*\/(node_modules|services|packages)\//, '').replace(/^\.pnpm\/[^/]+\/node_modules\//, '');
  return `${functionName || '(anonymous)'}${file && ` ${file}:${lineNumber + 1}`}`;
}

const packagesTold = 20;
const functionsTold = 30;

/** Microseconds a ticket, and percent of what the process was busy. */
export function profileTable(
  { busyMs, byPackage, byFunction, byOwnFunction }: ProfileSummary,
  tickets: number,
): string {
  const table = (title: string, sums: Sums, most: number): string => {
    const first = [...sums].toSorted(([, a], [, b]) => b - a).slice(0, most);
    const rows = first.map(([name, ms]) => [
      name,
      ((ms * 1_000) / tickets).toFixed(0),
      ((ms / busyMs) * 100).toFixed(1),
    ]);
    return markdownTable([title, 'us a ticket', '%'], rows);
  };
  return [
    `Busy for ${(busyMs / 1_000).toFixed(1)} s, ${((busyMs * 1_000) / tickets).toFixed(0)} us a ticket.`,
    table('package', byPackage, packagesTold),
    table('function', byFunction, functionsTold),
    table('own function, with what it calls', byOwnFunction, functionsTold),
  ].join('\n\n');
}
