import { performance } from 'node:perf_hooks';
import { connectOnce, indexDifferences, type Connection } from '@turno/mongo';
import type { Clock } from '@turno/shared';
import { reasonOf } from './examination.ts';
import { findingsOf, type Finding } from './finding.ts';
import { skewFinding } from './skew.ts';

const { ok, warning, error } = findingsOf('database');

export interface DatabaseOptions {
  readonly service: 'ticketing' | 'notifications';
  /** The variable that names it. */
  readonly variable: string;
  readonly url: string;
  readonly models: (connection: Connection) => Parameters<typeof indexDifferences>[0];
  readonly clock: Clock;
  /** What else is looked at over the same connection. */
  readonly more?: (connection: Connection) => Promise<Finding[]>;
}

const oldestMajor = 8;
const roundTrips = 7;
/** A ticket takes some ten round trips one after the other, so that this makes a fifth of a second. */
const slowFromMs = 20;

/** Whether a service's database can be had, how old and how near it is, and whether it has the indexes that migrate makes. */
export async function examineDatabase(options: DatabaseOptions): Promise<Finding[]> {
  const { service, url, variable, models, more } = options;
  let connection: Connection;
  try {
    connection = await connectOnce(url);
  } catch (failure) {
    return [unreachable(service, variable, failure)];
  }
  try {
    return [
      await versionFinding(service, connection),
      await latencyFinding(service, connection),
      ...indexFindings(service, await indexDifferences(models(connection))),
      await clockFinding(options, connection),
      ...((await more?.(connection)) ?? []),
    ];
  } finally {
    await connection.close();
  }
}

function unreachable(service: string, variable: string, failure: unknown): Finding {
  const { code } = failure as { code?: unknown };
  if (code === 18)
    return error(`${service}'s database refuses the credentials`, `set ${variable}: name, password, authSource`);
  return error(`${service}'s database is not to be had: ${reasonOf(failure)}`, `start it, or set ${variable}`);
}

async function versionFinding(service: string, connection: Connection): Promise<Finding> {
  const [{ version }, hello] = await Promise.all([command(connection, 'buildInfo'), command(connection, 'hello')]);
  const isAlone = hello['setName'] === undefined && hello['msg'] !== 'isdbgrid';
  const saw = `${service}'s database is MongoDB ${String(version)}${isAlone ? ', a single server' : ''}`;
  if (Number.parseInt(String(version), 10) >= oldestMajor) return ok(saw);
  return warning(`${saw}; Turno is tested with ${oldestMajor}`, `upgrade it to ${oldestMajor}.0`);
}

async function latencyFinding(service: string, connection: Connection): Promise<Finding> {
  const times: number[] = [];
  for (let i = 0; i < roundTrips; i++) {
    const since = performance.now();
    await command(connection, 'ping');
    times.push(performance.now() - since);
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(roundTrips / 2)]!;
  const saw = `${service}'s database answers within ${median.toFixed(1)} ms (median of ${roundTrips} round trips)`;
  return median < slowFromMs ? ok(saw) : warning(saw, 'put it nearer to the services, or see what keeps it busy');
}

function indexFindings(service: string, found: Awaited<ReturnType<typeof indexDifferences>>): Finding[] {
  const { missing, different, unexpected } = found;
  const findings = [
    ...missing.map((index) => error(`${service}'s database lacks the index ${index}`, 'turno migrate')),
    ...different.map((index) =>
      error(`the index ${index} has other fields or options than declared`, `${dropping(index)}, then turno migrate`),
    ),
    ...unexpected.map((index) =>
      warning(
        `the index ${index} is not one of Turno's; every write pays for it`,
        `where nobody needs it: ${dropping(index)}`,
      ),
    ),
  ];
  return findings.length > 0 ? findings : [ok(`${service}'s database has the indexes that it should have`)];
}

function dropping(index: string): string {
  const [collection, ...name] = index.split('.');
  return `mongosh URL --eval 'db.${collection}.dropIndex("${name.join('.')}")'`;
}

async function clockFinding({ service, clock }: DatabaseOptions, connection: Connection): Promise<Finding> {
  const before = clock();
  const { localTime } = await command(connection, 'hello');
  return skewFinding(
    { theirs: (localTime as Date).getTime(), before, after: clock(), resolutionMs: 1 },
    `that of ${service}'s database`,
  );
}

async function command(connection: Connection, name: string): Promise<Record<string, unknown>> {
  return connection.db!.command({ [name]: 1 });
}
