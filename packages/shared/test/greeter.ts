import { z } from 'zod';
import {
  RpcClient,
  RpcServer,
  type BrokerConnection,
  type CallContext,
  type QueueDefinition,
  type RpcEntrance,
} from '../src/index.ts';
import { silent, type Broker } from './broker.ts';

/** A small RPC service for the specs. */
export const greetings = {
  Greet: { request: z.object({ name: z.string() }), result: z.object({ text: z.string() }) },
  Wave: { request: z.object({}), result: z.object({ text: z.string() }) },
} as const;

export const greeterQueue: QueueDefinition = { name: 'greeter.rpc', arguments: { 'x-queue-type': 'classic' } };

export type Greet = (request: { name: string }, context: CallContext) => Promise<{ text: string }>;

export const sayHello: Greet = async ({ name }) => ({ text: `Hello ${name}` });

export async function startClient(
  broker: Broker,
  maxPending?: number,
  entrance?: RpcEntrance,
): Promise<RpcClient<typeof greetings>> {
  const connection = await broker.connect('caller');
  const more = { ...(maxPending !== undefined && { maxPending }), ...(entrance && { entrance }) };
  const client = new RpcClient({ connection, contract: greetings, queue: greeterQueue, ...more });
  await client.ready();
  return client;
}

export async function startServer(
  broker: Broker,
  greet: Greet,
  replyOn?: BrokerConnection,
  more: { readonly prefetch?: number; readonly entrances?: readonly RpcEntrance[] } = {},
): Promise<RpcServer<typeof greetings>> {
  const server = new RpcServer({
    consumeOn: await broker.connect('greeter consume'),
    replyOn: replyOn ?? (await broker.connect('greeter reply')),
    contract: greetings,
    queue: greeterQueue,
    handlers: { Greet: greet, Wave: async () => ({ text: 'waved' }) },
    logger: silent,
    ...more,
  });
  await server.ready();
  return server;
}

let calls = 0;

/** Options of one call: its request key is its own unless it repeats another. */
export function within(timeoutMs: number, requestKey = `key-${++calls}`) {
  return { timeoutMs, requestId: 'request-1', requestKey };
}
