import { mongo } from 'mongoose';
import type { System } from '../systems/system.ts';

interface QueueDayCount {
  readonly count: number;
  readonly highest: number;
}

/**
 * Looks whether the numbers of all queue days are 1, 2, 3 …: a fast system that gives wrong numbers is no system. They are
 * unique by an index, so it is enough to count.
 *
 * @throws when there is a gap, or fewer tickets are stored than were created
 */
export async function assertNumbersInOrder({ servers }: System, created: number): Promise<void> {
  const client = await mongo.MongoClient.connect(servers.mongoUrl);
  try {
    const queueDay = { branchId: '$branchId', queue: '$queue', businessDay: '$businessDay' };
    const group = { $group: { _id: queueDay, count: { $sum: 1 }, highest: { $max: '$number' } } };
    const counts = await client.db().collection('tickets').aggregate<QueueDayCount>([group]).toArray();
    const gaps = counts.filter(({ count, highest }) => count !== highest);
    if (gaps.length > 0)
      throw new Error(`numbers have gaps in ${gaps.length} queues, such as ${JSON.stringify(gaps[0])}`);
    const stored = counts.reduce((sum, { count }) => sum + count, 0);
    if (stored < created) throw new Error(`${created} tickets were created, and ${stored} are stored`);
  } finally {
    await client.close();
  }
}
