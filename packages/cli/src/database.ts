import { connectMongo, type Connection } from '@turno/mongo';
import { createLogger, databaseAddress, databaseVariables, mongoUrl, readConfig } from '@turno/shared';
import { z } from 'zod';

/** Where the variable says that a database is, with what TLS needs. @throws ConfigError naming what is wrong */
export function readDatabaseAddress(variable: string, env: NodeJS.ProcessEnv = process.env): string {
  const config = readConfig(z.object({ [variable]: mongoUrl, ...databaseVariables }), env);
  return databaseAddress((config as Record<string, string>)[variable]!, config);
}

/** Runs `use` on the database that the variable names, and closes the connection whatever happens. */
export async function withDatabase<T>(variable: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectMongo(readDatabaseAddress(variable), createLogger('turno', 'warn'));
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
