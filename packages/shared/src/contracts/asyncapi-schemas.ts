import { z } from 'zod';
import { rpcReply, type RpcContract } from '../messaging/rpc-contract.ts';
import { notificationsRpc } from './notifications-rpc.ts';
import { ticketCreated } from './ticket-created.ts';
import { ticketingRpc } from './ticketing-rpc.ts';

/** All calls, whoever answers them. */
const calls: RpcContract = { ...ticketingRpc, ...notificationsRpc };
/** Their names, in the order of the contracts. */
export const methods = Object.keys(calls);

/** Every body that goes over the broker, by name, with what they share: the schemas of a description's components. */
export function messageSchemas(): Record<string, object> {
  const bodies = Object.fromEntries(
    Object.entries(calls).flatMap(([method, { request, result }]) => [
      [`${method}Request`, request],
      [`${method}Reply`, replyWith(result)],
    ]),
  );
  // All in one conversion: what several bodies share then has one name. AsyncAPI's own schemas are draft 7, and `input`
  // leaves them open, as consumers drop what they do not know.
  const all = z.toJSONSchema(z.object({ ...bodies, TicketCreated: ticketCreated }), { target: 'draft-7', io: 'input' });
  const schemas = { ...(all['definitions'] as object), ...all.properties };
  const inComponents = JSON.stringify(schemas).replaceAll('"#/definitions/', '"#/components/schemas/');
  return JSON.parse(inComponents) as Record<string, object>;
}

function replyWith(result: z.ZodType): z.ZodType {
  const [success, refusal, failure] = rpcReply.options;
  return z.discriminatedUnion('kind', [success.extend({ result }), refusal, failure]);
}
