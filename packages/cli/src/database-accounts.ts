import { connectMongo, type Connection } from '@turno/mongo';
import { createLogger } from '@turno/shared';

interface Account {
  readonly user: string;
  readonly password: string;
  /** The database that it works in. */
  readonly database: string;
  /** The database that keeps the account. */
  readonly home: string;
}

const userNotFound = 11;

/**
 * Makes the account with which this address logs in, or gives the one there is this password. It may read and write its own
 * database and see no other.
 *
 * @param adminUrl with the credentials of somebody who may make accounts
 * @throws when the address names no account, or the database refuses
 */
export async function makeDatabaseAccount(adminUrl: string, url: string): Promise<void> {
  const account = accountOf(url);
  const connection = await connectMongo(adminUrl, createLogger('turno', 'warn'));
  try {
    await saveAccount(connection, account);
  } finally {
    await connection.close();
  }
}

async function saveAccount(connection: Connection, account: Account): Promise<void> {
  const { user, home } = account;
  const { db } = connection.useDb(home);
  const rest = credentialsAndRoles(account);
  try {
    await db!.command({ updateUser: user, ...rest });
  } catch (error) {
    if ((error as { code?: unknown }).code !== userNotFound) throw error;
    await db!.command({ createUser: user, ...rest });
  }
}

/** What the database is told of an account: it works in its own database, and in no other. */
export function credentialsAndRoles({ password, database }: Account) {
  return { pwd: password, roles: [{ role: 'readWrite', db: database }] };
}

/** By hand: a connection string may name several hosts, and is no URL then. */
export function accountOf(url: string): Account {
  const [, user, password, database, query] = /^[^:]+:\/\/([^:@/]+):([^@/]+)@[^/]+\/([^?]+)\??(.*)$/.exec(url) ?? [];
  if (!user || !password || !database) throw new Error('the address of a database names no user and password');
  const home = new URLSearchParams(query).get('authSource') ?? database;
  const [name, pwd] = [decodeURIComponent(user), decodeURIComponent(password)];
  if (home === 'admin') throw new Error(`${name} cannot be the account of a service: its home is admin`);
  return { user: name, password: pwd, database, home };
}
