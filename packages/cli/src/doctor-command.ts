import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import { systemClock, type Clock } from '@turno/shared';
import { withFilesRead } from './doctor/configuration.ts';
import { examineAll } from './doctor/examination.ts';
import { examinationsFor } from './doctor/examinations.ts';
import { areas, type Finding, type Level } from './doctor/finding.ts';
import { printable } from './safe-text.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  /** False where the provider of SMS is not to be asked. */
  readonly provider?: boolean;
  /** A file of variables, which count before the environment's; `-` for standard input. */
  readonly variables?: string;
}

/** What a test passes in. */
export interface DoctorParts {
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** A stand-in of the provider's API. */
  readonly smsApiBase?: string;
  readonly terminal?: Terminal;
}

/** For each examination; they run side by side. A provider's own timeout is 20 s at most. */
const withinMs = 25_000;

/**
 * Looks at everything that Turno needs, changes nothing, sends no SMS, and ends within half a minute.
 *
 * @returns the exit code: 1 when there is an error among the findings
 * @throws when the file of variables cannot be read
 */
export async function doctor(options: DoctorOptions, parts: DoctorParts = {}): Promise<number> {
  const { env = process.env, clock = systemClock, smsApiBase, terminal = processTerminal } = parts;
  const { json = false, provider = true, variables: file } = options;
  const variables = withFilesRead({ ...env, ...(file !== undefined && parseEnv(await contentOf(file))) });
  const examinations = examinationsFor({ env: variables, clock, asksProvider: provider, smsApiBase });
  const findings = (await examineAll(examinations, withinMs)).toSorted(byArea);
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const counts = { errors: count('error'), warnings: count('warning'), ok: count('ok') };
  if (json) terminal.say(JSON.stringify({ ...counts, findings }, undefined, 2));
  else for (const line of [...findings.flatMap(linesOf), '', totals(counts)]) terminal.say(line);
  return counts.errors > 0 ? 1 : 0;
}

function contentOf(file: string): Promise<string> {
  return file === '-' ? text(process.stdin) : readFile(file, 'utf8');
}

function byArea(a: Finding, b: Finding): number {
  return areas.indexOf(a.area) - areas.indexOf(b.area);
}

const areaWidth = Math.max(...areas.map((area) => area.length));
const levelWidth = 'warning'.length;

function linesOf({ area, level, saw, mend }: Finding): string[] {
  const line = `${level.padEnd(levelWidth)}  ${area.padEnd(areaWidth)}  ${printable(saw)}`;
  return mend === undefined ? [line] : [line, `${' '.repeat(levelWidth + areaWidth + 4)}-> ${printable(mend)}`];
}

function totals({ errors, warnings, ok }: { errors: number; warnings: number; ok: number }): string {
  const worst =
    errors > 0 ? 'Turno is not well' : warnings > 0 ? 'Turno is well, as far as could be seen' : 'Turno is well';
  return `${worst}: ${errors} errors, ${warnings} warnings, ${ok} in order.`;
}
