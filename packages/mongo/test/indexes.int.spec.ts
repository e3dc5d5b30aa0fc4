import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { createLogger } from '@turno/shared';
import { Schema, type Model } from 'mongoose';
import { connectMongo, createIndexes, isAlive, isDuplicateKey, missingIndexes, type Connection } from '../src/index.ts';

let isolated: Isolated;
let connection: Connection;

beforeAll(async () => {
  isolated = await isolateForTest('mongo-indexes');
  connection = await connectMongo(isolated.mongoUrl, createLogger('spec', 'silent'));
  seats = connection.model('Seat', schema) as unknown as Model<never>;
});

afterAll(async () => {
  await connection.close();
  await isolated.dispose();
});

const schema = new Schema(
  { _id: String, seat: Number, row: Number, owner: String },
  { strict: 'throw', collection: 'seats' },
);
schema.index({ row: 1, seat: 1 }, { unique: true, name: 'one_person_per_seat' });
schema.index({ owner: 1 }, { unique: true, sparse: true, name: 'one_seat_per_person' });
schema.index({ seat: -1 });

let seats: Model<never>;

const insert = (seat: { _id: string; seat: number; row: number; owner?: string }) =>
  seats.collection.insertOne(seat as never).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the indexes of a collection', () => {
  beforeEach(async () => {
    await seats.collection.drop().catch(() => undefined);
  });

  test('when the collection is not there yet, then every declared index is missing', async () => {
    expect(await missingIndexes([seats])).toEqual([
      'seats.one_person_per_seat',
      'seats.one_seat_per_person',
      'seats.seat_-1',
    ]);
  });

  test('when one index was made by hand, then the others are missing', async () => {
    await seats.createCollection();
    await seats.collection.createIndex({ seat: -1 });

    expect(await missingIndexes([seats])).toEqual(['seats.one_person_per_seat', 'seats.one_seat_per_person']);
  });

  test('when they are made once, again, and twice at once, then none is missing', async () => {
    await createIndexes([seats]);
    await Promise.all([createIndexes([seats]), createIndexes([seats])]);

    expect(await missingIndexes([seats])).toEqual([]);
  });

  test('when there is one of somebody else, then it stays', async () => {
    await seats.createCollection();
    await seats.collection.createIndex({ owner: -1 }, { name: 'of_an_operator' });

    await createIndexes([seats]);

    const names = (await seats.collection.indexes()).map(({ name }) => name);
    expect(names).toContain('of_an_operator');
  });
});

describe('isDuplicateKey', () => {
  test.each([[undefined], [null], ['11000'], [new Error('E11000')], [{ code: 121 }]])(
    'when the error is %p, then it is no duplicate',
    (error) => expect(isDuplicateKey(error)).toBe(false),
  );
});

describe('isDuplicateKey on errors of the database', () => {
  beforeAll(async () => {
    await createIndexes([seats]);
    await insert({ _id: 'a', row: 1, seat: 1, owner: 'Ana' });
  });

  test.each([
    ['the seat is taken', { _id: 'b', row: 1, seat: 1 }, 'one_person_per_seat'],
    ['the person has a seat', { _id: 'b', row: 1, seat: 2, owner: 'Ana' }, 'one_seat_per_person'],
  ])('when %s, then the index is told by its name', async (_when, seat, index) => {
    const error = await insert(seat);

    const named = ['one_person_per_seat', 'one_seat_per_person'].filter((name) => isDuplicateKey(error, name));
    expect(isDuplicateKey(error)).toBe(true);
    expect(named).toEqual([index]);
  });

  test('when the id is taken, then it is a duplicate, and of neither index', async () => {
    const error = await insert({ _id: 'a', row: 2, seat: 2 });

    expect(isDuplicateKey(error)).toBe(true);
    expect(isDuplicateKey(error, 'one_person_per_seat') || isDuplicateKey(error, 'one_seat_per_person')).toBe(false);
  });
});

describe('isAlive', () => {
  test('when the database answers, then it is true', async () => {
    expect(await isAlive(connection)).toBe(true);
  });
});
