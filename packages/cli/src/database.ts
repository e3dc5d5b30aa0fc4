import { connectMongo, type Connection } from '@turno/mongo';
import { createLogger, mongoUrl, readConfig } from '@turno/shared';
import { z } from 'zod';

/** Runs `use` on the database that the variable names, and closes the connection whatever happens. */
export async function withDatabase<T>(variable: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const { [variable]: url } = readConfig(z.object({ [variable]: mongoUrl }));
  const connection = await connectMongo(url as string, createLogger('turno', 'warn'));
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
