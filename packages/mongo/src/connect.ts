import mongoose, { type Connection } from 'mongoose';
import { fullJitter, inTime, type Logger } from '@turno/shared';

export type { Connection } from 'mongoose';

const options = {
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
  // A field without a value is left out, not stored as null.
  ignoreUndefined: true,
  maxPoolSize: 20,
  // A connection whose other end is gone without a word is noticed within three seconds.
  heartbeatFrequencyMS: 1_000,
  connectTimeoutMS: 2_000,
  serverSelectionTimeoutMS: 3_000,
  socketTimeoutMS: 10_000,
  // Writes are single documents that Turno repeats under keys of its own.
  retryWrites: false,
};

const authenticationFailed = 18;

/**
 * A connection of its own (not mongoose's global one), checked before it is handed out. While the database is away it
 * tries again, forever. Once connected nothing waits without end: an operation fails after a few seconds instead of
 * queueing, and indexes are made by `turno migrate` only.
 *
 * @param url with the database's name in its path
 * @param monitorCommands whether the driver tells of each command that it sends, for whoever counts them
 * @throws when the database refuses the credentials: they do not get better by waiting
 */
export async function connectMongo(url: string, logger: Logger, { monitorCommands = false } = {}): Promise<Connection> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectOnce(url, { monitorCommands });
    } catch (error) {
      if ((error as { code?: unknown }).code === authenticationFailed) throw error;
      logger.warn({ reason: (error as Error).message }, 'the database is away');
      await new Promise((resolve) => setTimeout(resolve, fullJitter(attempt)));
    }
  }
}

/**
 * The same, tried once: for whoever wants to know whether the database can be had, within about five seconds.
 *
 * @throws when it cannot
 */
export async function connectOnce(url: string, { monitorCommands = false } = {}): Promise<Connection> {
  const connection = mongoose.createConnection(url, { ...options, monitorCommands });
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close(true);
    throw error;
  }
}

const pingWithinMs = 1_000;

/**
 * Whether the database answers a ping.
 *
 * @throws when it does not within a second, or when the driver knows that it is away
 */
export async function isAlive(connection: Connection): Promise<boolean> {
  if (!connection.db) return false;
  const pinged = connection.db.command({ ping: 1 });
  const reply = await inTime(pinged, pingWithinMs, () => new Error('the database does not answer'));
  return reply['ok'] === 1;
}
