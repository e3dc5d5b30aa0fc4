import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { done, type Publisher } from '../src/index.ts';
import { Broker } from './broker.ts';
import { gate } from './gate.ts';
import { drawn, numbers, startConsumer, startPublisher } from './numbers.ts';

let broker: Broker;
let publisher: Publisher;

beforeEach(async () => {
  broker = await Broker.open('closing');
  publisher = await startPublisher(await broker.connect('numbers publish'));
});

afterEach(async () => {
  await publisher.close();
  await broker.dispose();
});

const inOrder = (given: number[]): number[] => given.toSorted((a, b) => a - b);

/** Publishes the next hundred numbers from `first` on. */
const publishHundred = (first: number): Promise<unknown> =>
  Promise.all(Array.from({ length: 100 }, (_, i) => publisher.publish(drawn({ n: first + i }))));

test('when consumers close right behind a hundred messages each, then every message is handled once', async () => {
  const handled: number[] = [];
  await publishHundred(0);

  for (const expected of [100, 200, 300, 400, 500, 600, 700, 800]) {
    const { passed, open } = gate();
    const consumer = await startConsumer(broker, publisher, async ({ n }) => {
      handled.push(n);
      await passed;
      return done;
    });
    await eventually(() => handled.length === expected);
    // A queue that is busy with others takes longer over the acknowledgements.
    const published = publishHundred(expected);
    const closed = consumer.close();
    open();
    await Promise.all([closed, published]);
  }

  expect(inOrder(handled)).toEqual(handled.map((_, n) => n));
});

test('when the connection breaks while a consumer closes, then it takes in nothing on the next one', async () => {
  const { passed, open } = gate();
  const handled: number[] = [];
  const consumer = await startConsumer(broker, publisher, async ({ n }) => {
    handled.push(n);
    await passed;
    return done;
  });
  await publisher.publish(drawn({ n: 1 }));
  await eventually(() => handled.length === 1);

  const closed = consumer.close();
  await broker.closeConnection('numbers consume');
  await broker.findConnection('numbers consume');
  open();
  await closed;

  expect(handled).toEqual([1]);
  expect(JSON.parse((await broker.take(numbers.queue.name)).content.toString())).toEqual({ n: 1 });
});
