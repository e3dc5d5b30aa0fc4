import { markdownTable } from './markdown.ts';

/** A profile as V8 writes it (`--cpu-prof`), as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Of the monotonic clock, in microseconds. */
  readonly startTime: number;
  readonly samples: readonly number[];
  /** Microseconds from one sample to the next. */
  readonly timeDeltas: readonly number[];
}

/** Processor time in milliseconds, by name, the most first. */
export interface ProfileSummary {
  readonly busyMs: number;
  readonly byPackage: readonly (readonly [name: string, ms: number])[];
  readonly byFunction: readonly (readonly [name: string, ms: number])[];
}

type Frame = CpuProfile['nodes'][number]['callFrame'];

/** A part of a profile, in monotonic milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a process does by itself; what it waits for is no part of it. */
export function summarise({ nodes, samples, startTime, timeDeltas }: CpuProfile, { from, to }: Span): ProfileSummary {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byPackage = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let busyMs = 0;
  let now = startTime / 1_000;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)!;
    const ms = (timeDeltas[index] ?? 0) / 1_000;
    now += ms;
    if (frame.functionName === '(idle)' || now < from || now > to) continue;
    busyMs += ms;
    add(byPackage, packageOf(frame), ms);
    add(byFunction, functionOf(frame), ms);
  }
  return { busyMs, byPackage: mostFirst(byPackage), byFunction: mostFirst(byFunction) };
}

function add(sums: Map<string, number>, name: string, ms: number): void {
  sums.set(name, (sums.get(name) ?? 0) + ms);
}

const mostFirst = (sums: ReadonlyMap<string, number>) => [...sums].toSorted(([, a], [, b]) => b - a);

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

const packagesTold = 22;
const functionsTold = 30;

/** Microseconds a ticket and percent of what the process was busy. */
export function profileTable({ busyMs, byPackage, byFunction }: ProfileSummary, tickets: number): string {
  const rowsOf = (sums: ProfileSummary['byPackage'], most: number): string[][] =>
    sums
      .slice(0, most)
      .map(([name, ms]) => [name, ((ms * 1_000) / tickets).toFixed(0), ((ms / busyMs) * 100).toFixed(1)]);
  const head = ['us a ticket', '%'];
  return [
    `Busy for ${(busyMs / 1_000).toFixed(1)} s, ${((busyMs * 1_000) / tickets).toFixed(0)} us a ticket.`,
    markdownTable(['package', ...head], rowsOf(byPackage, packagesTold)),
    markdownTable(['function', ...head], rowsOf(byFunction, functionsTold)),
  ].join('\n\n');
}
