import type { Channel, ChannelModel } from 'amqplib';

const notFound = 404;

/** Works on a channel of its own, because the broker closes the one on which it refuses something. */
export async function onScratchChannel<T>(model: ChannelModel, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  try {
    return await work(channel);
  } finally {
    await channel.close().catch(() => undefined);
  }
}

/** Whether the broker has no queue of this name. */
export async function isMissing(model: ChannelModel, queue: string): Promise<boolean> {
  try {
    await onScratchChannel(model, (channel) => channel.checkQueue(queue));
    return false;
  } catch (error) {
    if ((error as { code?: unknown }).code === notFound) return true;
    throw error;
  }
}

/** Messages in a queue, those in work not counted; undefined when there is no connection, or no such queue. */
export async function lengthOf(model: ChannelModel | undefined, queue: string): Promise<number | undefined> {
  if (!model) return undefined;
  try {
    return (await onScratchChannel(model, (channel) => channel.checkQueue(queue))).messageCount;
  } catch {
    return undefined;
  }
}
