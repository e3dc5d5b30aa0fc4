import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Client } from 'pg';
import { runTool } from '../debian/run-tool.ts';
import { freePort } from '../ports.ts';
import { killAll, processesOf } from '../processes.ts';
import type { StackContext } from '../stack-context.ts';
import { answersMongo, untilItAnswers } from './answers.ts';
import { Child } from './child.ts';
import type { Installation } from './installation.ts';
import type { ManagedDatabase } from './server.ts';

const bootMs = 60_000;
const stopMs = 10_000;
const programs = '/usr/lib/postgresql/18/bin';

const settings = {
  shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  // These data need not survive the machine's power failure, and a commit need not wait for the disk. They do survive
  // `kill -9`: synchronous_commit stays on, so that a commit is in the operating system's hands before it is answered.
  // full_page_writes stays on, too: after a kill DocumentDB 1.0 restores its own kind of index wrongly without whole pages.
  fsync: 'off',
  // DocumentDB's unique indexes are exclusion constraints: of two inserts of one key at the same moment each waits for the other, until
  // PostgreSQL looks for deadlocks, after a second by default. MongoDB tells one of them at once.
  deadlock_timeout: '50ms',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Files instead of System V segments, which a killed server would leave behind; /dev/shm is not writable there.
  dynamic_shared_memory_type: 'mmap',
  // No processes that have nothing to do here.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  'cron.database_name': 'postgres',
  // Cursors over sorted results without a database connection kept open for each.
  'documentdb.useFileBasedPersistedCursors': 'on',
  'cron.log_run': 'off',
  'cron.log_statement': 'off',
};

const initdbArguments = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];

/** Indexes are built at once by the gateway, so the jobs that look for some every two seconds only cost time. */
const prepareDatabase = `
  set client_min_messages = error;
  create extension if not exists documentdb cascade;
  update cron.job set active = false where active and command like '%build_index_concurrently%'`;

async function prepareExtension(port: number): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(prepareDatabase);
  } finally {
    await client.end();
  }
}

interface Processes {
  readonly postgres: Child;
  readonly gateway: Child;
}

/** The data directory; made under another name until it is complete, since a killed initdb leaves one that looks whole. */
async function ensureDataDirectory(context: StackContext, installation: Installation): Promise<void> {
  const { folder, folderInside } = installation;
  const data = join(folder, 'postgres');
  if (!existsSync(data)) {
    const env = serverEnvironment(installation);
    await rm(`${data}.new`, { recursive: true, force: true });
    await installation.makeFolder('postgres.new');
    const line = installation.command(`${programs}/initdb`, ['-D', `${folderInside}/postgres.new`, ...initdbArguments]);
    await runTool(context, line.command, line.args, { env });
    await rename(`${data}.new`, data);
  }
  // Left by a killed server. Nothing of this stack runs when it starts, so the pid in it can only be somebody else's.
  await rm(join(data, 'postmaster.pid'), { force: true });
}

const serverEnvironment = ({ path, folderInside }: Installation) => ({
  PATH: path,
  LANG: 'C.UTF-8',
  HOME: folderInside,
});

async function prepare(
  context: StackContext,
  installation: Installation,
  sql: number,
  wire: number,
): Promise<Processes> {
  await ensureDataDirectory(context, installation);
  const options = Object.entries({ ...settings, port: sql }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const postgres = new Child(context, {
    name: 'postgres',
    ...installation.command(
      `${programs}/postgres`,
      ['-D', `${installation.folderInside}/postgres`, ...options],
      'SIGQUIT',
    ),
    env: serverEnvironment(installation),
    logFile: join(installation.folder, 'postgres.log'),
  });
  const gateway = new Child(context, {
    name: 'gateway',
    command: process.execPath,
    args: ['--no-warnings', join(import.meta.dirname, `../documentdb/gateway${extname(import.meta.filename)}`)],
    env: { PATH: process.env['PATH'] ?? '', TURNO_GATEWAY_PORT: String(wire), TURNO_GATEWAY_SQL_PORT: String(sql) },
    logFile: join(installation.folder, 'gateway.log'),
    ipc: true,
  });
  return { postgres, gateway };
}

/** PostgreSQL with DocumentDB, and in front of it the gateway that speaks MongoDB's wire protocol. */
export async function startDocumentdb(
  context: StackContext,
  installation: Installation,
  version: string,
): Promise<ManagedDatabase> {
  const [sql, wire] = [await freePort(), await freePort()];
  const { postgres, gateway } = await prepare(context, installation, sql, wire);
  const mongoUrl = `mongodb://127.0.0.1:${wire}`;
  const dataFolder = join(installation.folder, 'postgres');
  const end = async (signal: NodeJS.Signals) => {
    await gateway.end(signal === 'SIGKILL' ? signal : 'SIGTERM', 2_000);
    await postgres.end(signal, stopMs);
    // Backends outlive a killed postmaster for a moment, and a new one refuses to start beside them.
    await killAll(() => processesOf('', dataFolder));
  };
  const database: ManagedDatabase = {
    description: `DocumentDB ${version} on PostgreSQL 18 ${installation.origin}, at ${mongoUrl}`,
    mongoUrl,
    async start() {
      if (!postgres.isRunning) postgres.start();
      if (!gateway.isRunning) gateway.start();
      await untilItAnswers(
        () => prepareExtension(sql),
        bootMs,
        () => !postgres.isRunning,
      );
      postgres.mustRun();
      await untilItAnswers(
        () => answersMongo(mongoUrl, 2_000),
        bootMs,
        () => !gateway.isRunning,
      );
    },
    // "Fast shutdown" of PostgreSQL: sessions are ended, everything committed is written.
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    pause: () => gateway.pause(),
    resume: async () => gateway.resume(),
    dispose: () => end(context.keepData ? 'SIGINT' : 'SIGQUIT'),
  };
  context.onEnd(() => database.dispose());
  await database.start();
  return database;
}
