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
  await channel.consume(ticketingRpcQueue.name, (message) => void types.push(String(message?.properties.type)), {
    noAck: true,
  });
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
