import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { requestManagement } from './servers/answers.ts';

/** A vhost and a database of its own on a running stack, for one spec file. */
export interface Isolated {
  readonly amqpUrl: string;
  /** With the database name in its path. */
  readonly mongoUrl: string;
  readonly vhost: string;
  /** Deletes the vhost with its queues, messages and connections, and drops the database. */
  dispose(): Promise<void>;
}

async function manage(url: string, method: string, path: string, body?: unknown): Promise<void> {
  const { status, text } = await requestManagement(url, method, path, body);
  const gone = method === 'DELETE' && status === 404;
  if (status >= 300 && !gone) throw new Error(`RabbitMQ refused ${method} ${path} with ${status}: ${text}`);
}

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 });
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

function withPath(url: string, path: string): string {
  const changed = new URL(url);
  changed.pathname = `/${path}`;
  return changed.href;
}

/**
 * Makes a vhost, and names a database, that nobody else uses. The label (a spec file's name) shows in both names; other
 * characters than letters and digits become dashes.
 */
export async function isolate(
  urls: { amqpUrl: string; managementUrl: string; mongoUrl: string },
  label: string,
): Promise<Isolated> {
  const readable = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const vhost = `${readable}-${randomBytes(5).toString('hex')}`;
  const user = decodeURIComponent(new URL(urls.amqpUrl).username) || 'guest';
  const mongoUrl = withPath(urls.mongoUrl, vhost);
  await manage(urls.managementUrl, 'PUT', `/api/vhosts/${vhost}`, {});
  const everything = { configure: '.*', write: '.*', read: '.*' };
  await manage(urls.managementUrl, 'PUT', `/api/permissions/${vhost}/${encodeURIComponent(user)}`, everything);
  return {
    amqpUrl: withPath(urls.amqpUrl, vhost),
    mongoUrl,
    vhost,
    async dispose() {
      await Promise.all([manage(urls.managementUrl, 'DELETE', `/api/vhosts/${vhost}`), dropDatabase(mongoUrl)]);
    },
  };
}

/** The variables in which the servers' addresses come to the tests, set once per run. */
const testVariables = {
  amqpUrl: 'TURNO_TEST_AMQP_URL',
  managementUrl: 'TURNO_TEST_MANAGEMENT_URL',
  mongoUrl: 'TURNO_TEST_MONGO_URL',
  redisUrl: 'TURNO_TEST_REDIS_URL',
} as const;

function testAddress(variable: string): string {
  const value = process.env[variable];
  if (!value)
    throw new Error(
      `${variable} is not set: this runs in the projects "int" and "e2e" of Jest only, on servers that the run has found`,
    );
  return value;
}

/** {@link isolate} on the servers of the running test run. Throws outside of one. */
export function isolateForTest(label: string): Promise<Isolated> {
  const { amqpUrl, managementUrl, mongoUrl } = testVariables;
  const urls = {
    amqpUrl: testAddress(amqpUrl),
    managementUrl: testAddress(managementUrl),
    mongoUrl: testAddress(mongoUrl),
  };
  return isolate(urls, label);
}

/** The Redis of the running test run, which whoever uses it has to itself. Throws where none can be had. */
export function redisForTest(): string {
  return testAddress(testVariables.redisUrl);
}
