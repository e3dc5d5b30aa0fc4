import { declareRpc, ticketingEntrances, ticketingRpcQueue, type BrokerConnection } from '@turno/shared';
import { eventually } from '@turno/testing';

/** What comes to ticketing's queue while ticketing is away; nobody answers. */
export interface Requests {
  /** How many have arrived, those for readiness not counted. */
  arrived(): Promise<number>;
}

export async function listenToRequests(connection: BrokerConnection): Promise<Requests> {
  const channel = await (await connection.up()).createChannel();
  const types: string[] = [];
  await declareRpc(channel, ticketingRpcQueue, Object.values(ticketingEntrances));
  await channel.consume(ticketingRpcQueue.name, (message) => void types.push(...methodsOf(message!)), { noAck: true });
  let marks = 0;
  return {
    arrived: async () => {
      // A queue keeps the order: when the mark is there, all that went before it is.
      const mark = `mark ${++marks}`;
      channel.sendToQueue(ticketingRpcQueue.name, Buffer.alloc(0), { type: mark });
      await eventually(() => types.includes(mark));
      return types.filter((type) => type !== 'Ping' && !type.startsWith('mark')).length;
    },
  };
}

/** Of the calls of a message, which may be several. */
function methodsOf({ properties, content }: { properties: { type?: unknown }; content: Buffer }): string[] {
  if (properties.type !== 'calls') return [String(properties.type)];
  return (JSON.parse(content.toString()) as { method: string }[]).map(({ method }) => method);
}
