// The floor's ticketing: for each call one counter increment, one insert and one confirmed publish, one after the other.
import { randomUUID } from 'node:crypto';
import { connect, type ConsumeMessage } from 'amqplib';
import { mongo } from 'mongoose';
import { eventQueue, rpcQueue } from './names.ts';

interface Body {
  readonly branch_id: string;
  readonly sector_id: string;
  readonly service_id: string;
  readonly channel: string;
  readonly phone?: string;
}

const database = (await mongo.MongoClient.connect(process.env['FLOOR_MONGO_URL']!)).db();
const counters = database.collection<{ _id: string; number: number }>('counters');
const tickets = database.collection<Body & { _id: string; number: number; created_at: Date }>('tickets');
const connection = await connect(process.env['AMQP_URL']!, { noDelay: true });
const requests = await connection.createChannel();
const events = await connection.createConfirmChannel();
await requests.assertQueue(rpcQueue);
await events.assertQueue(eventQueue);

async function create(content: Buffer): Promise<Buffer> {
  const body = JSON.parse(content.toString()) as Body;
  const created_at = new Date();
  const day = created_at.toISOString().slice(0, '2017-02-20'.length);
  const counter = await counters.findOneAndUpdate(
    { _id: `${body.branch_id}:${body.service_id}:${day}` },
    { $inc: { number: 1 } },
    { upsert: true, returnDocument: 'after' },
  );
  const ticket = { ...body, number: counter!.number, created_at };
  const _id = randomUUID();
  await tickets.insertOne({ _id, ...ticket });
  const answer = Buffer.from(JSON.stringify({ id: _id, ...ticket }));
  await new Promise<void>((resolve, reject) => {
    events.sendToQueue(eventQueue, answer, { persistent: true }, (error) =>
      error ? reject(error as Error) : resolve(),
    );
  });
  return answer;
}

async function read(content: Buffer): Promise<Buffer> {
  return Buffer.from(JSON.stringify(await tickets.findOne({ _id: content.toString() })));
}

async function serve(message: ConsumeMessage): Promise<void> {
  const { type, replyTo, correlationId } = message.properties;
  const answer = await (type === 'read' ? read : create)(message.content);
  requests.sendToQueue(replyTo as string, answer, { correlationId: correlationId as string });
  requests.ack(message);
}

await requests.consume(rpcQueue, (message) => void serve(message!));
process.send!('ready');
