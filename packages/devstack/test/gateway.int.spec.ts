import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient, type Collection, type Db, type MongoServerError } from 'mongodb';
import type { Stack } from '../src/index.ts';
import { canHaveDebianPackages, startSecondStack } from './second-stack.ts';

/** What every start of a service does to its collection; only the first insert gets past the unique index. */
async function prepare(collection: Collection): Promise<string | number | undefined> {
  await collection.createIndexes([{ key: { a: 1 }, unique: true }, { key: { b: 1 } }, { key: { c: 1 } }]);
  return collection.insertOne({ b: 1 }).then(
    () => 'inserted',
    (error: MongoServerError) => error.code,
  );
}

const startMs = 240_000;

// Where the run has its database from elsewhere, the gateway is tried all the same.
const describeGateway = canHaveDebianPackages ? describe : describe.skip;

describeGateway('the gateway to DocumentDB', () => {
  let stack: Stack;
  let client: MongoClient;
  let db: Db;
  beforeAll(async () => {
    process.env['TURNO_DEVSTACK'] = 'debian';
    stack = await startSecondStack('gateway');
    client = await new MongoClient(stack.mongoUrl, { maxPoolSize: 30 }).connect();
    db = client.db('gateway');
  }, startMs);
  afterAll(async () => {
    delete process.env['TURNO_DEVSTACK'];
    await client.close();
    await stack.stop();
  }, startMs);

  it('greets like a standalone MongoDB 8', async () => {
    const hello = await db.command({ hello: 1 });
    expect(hello).toMatchObject({ isWritablePrimary: true, maxWireVersion: 25 });
    expect(hello).not.toHaveProperty('setName');
  });

  it('tells the key and the value that are there twice', async () => {
    const tickets = db.collection('duplicates');
    await tickets.createIndex({ branch: 1, 'at.day': 1 }, { unique: true });
    await tickets.insertMany([{ branch: 'a', at: { day: 1 } }, { branch: 'b' }]);
    const again = { $set: { branch: 'a', at: { day: 1 } } };
    const writes = [
      () => tickets.insertOne({ branch: 'a', at: { day: 1 } }),
      () => tickets.findOneAndUpdate({ branch: 'b' }, again),
    ];
    for (const write of writes) {
      await expect(write()).rejects.toMatchObject({
        code: 11_000,
        keyPattern: { branch: 1, 'at.day': 1 },
        keyValue: { branch: 'a', 'at.day': 1 },
      });
    }
  });

  it('refuses to build a unique index over duplicates', async () => {
    const tickets = db.collection('built-late');
    await tickets.insertMany([{ number: 1 }, { number: 1 }]);
    await expect(tickets.createIndex({ number: 1 }, { unique: true })).rejects.toMatchObject({ code: 11_000 });
  });

  it('counts every one of many first upserts once', async () => {
    const counters = db.collection<{ _id: string; value: number }>('counters');
    const next = async (_id: string) => {
      const options = { upsert: true, returnDocument: 'after' } as const;
      return (await counters.findOneAndUpdate({ _id }, { $inc: { value: 1 } }, options))?.value ?? 0;
    };
    for (const counter of ['a', 'b', 'c']) {
      const values = await Promise.all(Array.from({ length: 30 }, () => next(counter)));
      expect(values.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    }
  });

  it('lets many services prepare the same collection at once', async () => {
    const refusals = await Promise.all(Array.from({ length: 10 }, () => prepare(db.collection('prepared'))));
    expect(refusals.filter((refusal) => refusal === 'inserted')).toHaveLength(1);
    expect(refusals.filter((refusal) => refusal === 11_000)).toHaveLength(9);
    expect(await db.collection('prepared').indexes()).toHaveLength(4);
  });

  it('explains which index a query uses', async () => {
    const tickets = db.collection('explained');
    await tickets.createIndex({ branch: 1, number: -1 });
    await tickets.insertMany(Array.from({ length: 500 }, (_, number) => ({ branch: number % 5, number })));
    const indexed = await tickets.find({ branch: 1 }).explain();
    const walked = await tickets.find({ other: 1 }).explain('queryPlanner');
    expect(JSON.stringify(indexed)).toContain('"stage":"IXSCAN","indexName":"branch_1_number_-1"');
    expect(indexed).toMatchObject({ executionStats: { nReturned: 100, totalDocsExamined: 100 } });
    expect(walked).toMatchObject({ queryPlanner: { winningPlan: { stage: 'COLLSCAN' } } });
  });

  it('keeps the place of a sorted cursor between its batches', async () => {
    const many = db.collection('sorted');
    await many.insertMany(Array.from({ length: 1_000 }, (_, n) => ({ n })));
    const found = await many.find().sort({ n: -1 }).batchSize(90).toArray();
    expect(found.map(({ n }) => Number(n))).toEqual(Array.from({ length: 1_000 }, (_, index) => 999 - index));
  });

  it('refuses a transaction as a standalone server does', async () => {
    const session = client.startSession();
    session.startTransaction();
    await expect(db.collection('t').insertOne({ a: 1 }, { session })).rejects.toThrow(
      /retryable writes|Transaction numbers/,
    );
    await session.endSession();
  });

  it('does without an answer where none is wanted', async () => {
    const quiet = db.collection('quiet', { writeConcern: { w: 0 } });
    await quiet.insertOne({ a: 1 });
    await expect(db.command({ ping: 1 })).resolves.toEqual({ ok: 1 });
  });
});
