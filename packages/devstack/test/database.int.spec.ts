import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient, type Db, type MongoBulkWriteError, type MongoServerError } from 'mongodb';
import { isolateForTest, type Isolated } from '../src/index.ts';

// What the product needs of its database, wherever the run has it from.
let isolated: Isolated;
let client: MongoClient;
let db: Db;
beforeAll(async () => {
  isolated = await isolateForTest('database');
  client = await new MongoClient(isolated.mongoUrl).connect();
  db = client.db();
});
afterAll(async () => {
  await client.close();
  await isolated.dispose();
});

const failure = <E extends Error>(outcome: Promise<unknown>) =>
  outcome.then(
    () => {
      throw new Error('must fail');
    },
    (error: E) => error,
  );

describe('a unique index', () => {
  it('refuses the second document with its key, and names the index', async () => {
    const tickets = db.collection('unique');
    await tickets.createIndex({ branch: 1, number: 1 }, { unique: true });
    await tickets.insertMany([
      { branch: 'a', number: 1 },
      { branch: 'b', number: 1 },
    ]);
    const error = await failure<MongoServerError>(tickets.insertOne({ branch: 'a', number: 1 }));
    expect(error.code).toBe(11_000);
    expect(error.message).toContain('branch_1_number_1');
  });

  it('stops an ordered insertMany where it refuses, and says where', async () => {
    const tickets = db.collection('ordered');
    await tickets.createIndex({ number: 1 }, { unique: true });
    const error = await failure<MongoBulkWriteError>(
      tickets.insertMany([{ number: 1 }, { number: 2 }, { number: 2 }, { number: 3 }]),
    );
    expect({ code: error.code, inserted: error.insertedCount }).toEqual({ code: 11_000, inserted: 2 });
    expect([error.writeErrors].flat().map(({ index, code }) => ({ index, code }))).toEqual([
      { index: 2, code: 11_000 },
    ]);
    expect(await tickets.countDocuments()).toBe(2);
  });

  it('refuses only what is there twice in an unordered insertMany', async () => {
    const tickets = db.collection('unordered');
    await tickets.createIndex({ number: 1 }, { unique: true });
    const documents = [{ number: 1 }, { number: 1 }, { number: 2 }];
    const error = await failure<MongoBulkWriteError>(tickets.insertMany(documents, { ordered: false }));
    expect({ code: error.code, inserted: error.insertedCount }).toEqual({ code: 11_000, inserted: 2 });
  });

  it('minds only the documents of its partial filter, or those that have the field if it is sparse', async () => {
    const tickets = db.collection('partial');
    await tickets.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { key: { $exists: true } } });
    await tickets.createIndex({ event: 1 }, { unique: true, sparse: true });
    await tickets.insertMany([{ a: 1 }, { a: 2 }, { key: 'k', event: 'e' }]);
    expect((await failure<MongoServerError>(tickets.insertOne({ key: 'k' }))).code).toBe(11_000);
    expect((await failure<MongoServerError>(tickets.insertOne({ event: 'e' }))).code).toBe(11_000);
    expect(await tickets.countDocuments()).toBe(3);
  });

  it('holds against an update and an upsert', async () => {
    const tickets = db.collection('updated');
    await tickets.createIndex({ number: 1 }, { unique: true });
    await tickets.insertMany([{ number: 1 }, { number: 2 }]);
    const one = { $set: { number: 1 } };
    const outcomes = [
      tickets.updateOne({ number: 2 }, one),
      tickets.findOneAndUpdate({ number: 2 }, one),
      tickets.updateOne({ other: 1 }, one, { upsert: true }),
    ];
    const codes = await Promise.all(outcomes.map(async (outcome) => (await failure<MongoServerError>(outcome)).code));
    expect(codes).toEqual([11_000, 11_000, 11_000]);
  });
});

describe('a counter', () => {
  it('counts up from its first upsert', async () => {
    const counters = db.collection<{ _id: string; value: number }>('counters');
    const next = async () => {
      const options = { upsert: true, returnDocument: 'after' } as const;
      return (await counters.findOneAndUpdate({ _id: 'a' }, { $inc: { value: 1 } }, options))?.value;
    };
    expect([await next(), await next(), await next()]).toEqual([1, 2, 3]);
  });
});

describe('a query', () => {
  const numbers = Array.from({ length: 1_000 }, (_, index) => index);
  beforeAll(() =>
    db.collection('many').insertMany(numbers.map((n) => ({ n, group: n % 3, ...(n < 10 ? { low: true } : {}) }))),
  );

  it('gives everything once over many batches', async () => {
    const found = await db.collection('many').find().batchSize(90).toArray();
    expect(found.map(({ n }) => Number(n)).toSorted((a, b) => a - b)).toEqual(numbers);
  });

  it('sorts, skips and limits', async () => {
    const found = await db.collection('many').find({ group: 1 }).sort({ n: -1 }).skip(1).limit(3).toArray();
    expect(found.map(({ n }) => Number(n))).toEqual([994, 991, 988]);
  });

  it('tells a field that is there from one that is not', async () => {
    const many = db.collection('many');
    expect(await many.countDocuments({ low: { $exists: true } })).toBe(10);
    expect(await many.countDocuments({ low: { $exists: false }, n: { $gte: 0 } })).toBe(990);
  });

  it('groups', async () => {
    const pipeline = [{ $group: { _id: '$group', count: { $sum: 1 } } }, { $sort: { _id: 1 } }];
    expect(await db.collection('many').aggregate(pipeline).toArray()).toEqual([
      { _id: 0, count: 334 },
      { _id: 1, count: 333 },
      { _id: 2, count: 333 },
    ]);
  });
});

describe('other commands', () => {
  it('write in bulk', async () => {
    const result = await db
      .collection('bulk')
      .bulkWrite([
        { insertOne: { document: { n: 1 } } },
        { updateOne: { filter: { n: 1 }, update: { $set: { seen: true } } } },
        { updateOne: { filter: { n: 2 }, update: { $set: { seen: true } }, upsert: true } },
        { deleteOne: { filter: { n: 1 } } },
      ]);
    const { insertedCount, modifiedCount, upsertedCount, deletedCount } = result;
    expect([insertedCount, modifiedCount, upsertedCount, deletedCount]).toEqual([1, 1, 1, 1]);
  });

  it('are refused by name when they are not known', async () => {
    const error = await failure<MongoServerError>(db.command({ noSuchCommand: 1 }));
    expect({ code: error.code, codeName: error.codeName }).toEqual({ code: 59, codeName: 'CommandNotFound' });
    expect(error.message).toContain('noSuchCommand');
  });

  it('list indexes, and drop one', async () => {
    const indexed = db.collection('indexed');
    await indexed.createIndex({ a: 1 }, { expireAfterSeconds: 3_600 });
    await indexed.dropIndex('a_1');
    expect((await indexed.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });
});
