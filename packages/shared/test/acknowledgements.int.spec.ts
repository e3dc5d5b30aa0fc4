import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import type { Channel } from 'amqplib';
import { Acknowledgements } from '../src/messaging/acknowledgements.ts';
import { Broker } from './broker.ts';

const queue = 'acknowledged';

let broker: Broker;

beforeEach(async () => {
  broker = await Broker.open('acknowledgements');
  await broker.onChannel(async (channel) => channel.assertQueue(queue));
  for (const n of [1, 2, 3, 4, 5]) await broker.send(queue, n);
});
afterEach(() => broker.dispose());

/** What is sent for five messages, of which some are settled. */
async function framesFor(settle: (acknowledgements: Acknowledgements) => void): Promise<string[]> {
  return broker.onChannel(async (channel) => {
    const frames = noteFrames(channel);
    const acknowledgements = new Acknowledgements(channel);
    let came = 0;
    await channel.consume(queue, (message) => {
      acknowledgements.noteDelivery(message!.fields.deliveryTag);
      came++;
    });
    await eventually(async () => came === 5);
    settle(acknowledgements);
    acknowledgements.flush();
    return frames;
  });
}

function noteFrames(channel: Channel): string[] {
  const frames: string[] = [];
  const ack = channel.ack.bind(channel);
  channel.ack = (message, allUpTo) => {
    frames.push(`${allUpTo ? 'up to ' : ''}${message.fields.deliveryTag}`);
    ack(message, allUpTo);
  };
  return frames;
}

const left = () => eventually(async () => broker.waitingIn(queue));

describe('acknowledgements', () => {
  test('when all are done in one turn, then one frame stands for them, whatever their order', async () => {
    const frames = await framesFor((acknowledgements) => {
      for (const tag of [3, 1, 5, 2, 4]) acknowledgements.ack(tag);
    });

    expect(frames).toEqual(['up to 5']);
    await eventually(async () => (await broker.waitingIn(queue)) === 0);
  });

  test('when one is not done, then those behind it are acknowledged all the same, and it comes again', async () => {
    const frames = await framesFor((acknowledgements) => {
      for (const tag of [1, 2, 4, 5]) acknowledgements.ack(tag);
    });

    expect(frames).toEqual(['up to 2', '4', '5']);
    expect(await left()).toBe(1);
  });

  test('when one was given back, then it holds nobody up, and no frame stands for it', async () => {
    const frames = await framesFor((acknowledgements) => {
      acknowledgements.noteSettled(1);
      acknowledgements.ack(1);
      acknowledgements.ack(2);
      acknowledgements.ack(3);
    });

    expect(frames).toEqual(['up to 3']);
  });
});
