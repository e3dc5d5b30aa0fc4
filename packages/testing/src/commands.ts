import type { mongo } from 'mongoose';

/**
 * Runs `work`, and counts the commands that it sends to the database: `{ 'insert tickets': 2 }`.
 *
 * @param client with command monitoring on (`monitorCommands`)
 */
export async function commandsOf(
  client: mongo.MongoClient,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = ({ commandName, command }: mongo.CommandStartedEvent): void => {
    const name = `${commandName} ${String(command[commandName])}`;
    counts[name] = (counts[name] ?? 0) + 1;
  };
  client.on('commandStarted', count);
  try {
    await work();
  } finally {
    client.off('commandStarted', count);
  }
  return counts;
}
