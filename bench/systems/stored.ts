import { mongo } from 'mongoose';

type Document = mongo.BSON.Document;

const batchSize = 1_000;
const queueDays = 100;
const dayMs = 86_400_000;

/**
 * Stores tickets of the past and their SMS, so that there are as many of each as are wanted: copies of those that are there,
 * each with keys of its own, over a hundred queues, up to a hundred a day in each.
 *
 * @param mongoUrl a database with the indexes, one ticket and its SMS
 */
export async function fillWithCopies(mongoUrl: string, wanted: number): Promise<void> {
  const client = await mongo.MongoClient.connect(mongoUrl);
  try {
    const database = client.db();
    const tickets = database.collection('tickets');
    const records = database.collection('sms_records');
    const ticket = (await tickets.findOne({}))!;
    const record = (await records.findOne({}))!;
    for (let first = 0; first < wanted; first += batchSize) {
      const indexes = Array.from({ length: Math.min(batchSize, wanted - first) }, (_, offset) => first + offset);
      await tickets.insertMany(indexes.map((index) => copyOfTicket(ticket, index)));
      await records.insertMany(indexes.map((index) => copyOfRecord(record, index)));
    }
  } finally {
    await client.close();
  }
}

function copyOfTicket({ unpublishedSince: _pending, ...ticket }: Document, index: number): Document {
  const queue = index % queueDays;
  const number = (Math.floor(index / queueDays) % queueDays) + 1;
  const day = Math.floor(index / queueDays ** 2) + 1;
  const createdAt = new Date((ticket['createdAt'] as Date).getTime() - day * dayMs);
  return {
    ...ticket,
    _id: `copy${index}`,
    branchId: `sp${Math.floor(queue / 5)
      .toString(36)
      .padStart(2, '0')}`,
    queue: 'ABCDE'[queue % 5],
    number,
    businessDay: createdAt.toISOString().slice(0, '2017-02-20'.length),
    request: { ...(ticket['request'] as Document), key: `own:copy${index}` },
    createdAt,
  };
}

function copyOfRecord(record: Document, index: number): Document {
  return { ...record, _id: `copy${index}.created`, ticketId: `copy${index}`, providerId: `copy${index}` };
}
