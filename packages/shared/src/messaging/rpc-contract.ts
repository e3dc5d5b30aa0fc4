import { z } from 'zod';
import { refusalReason } from '../contracts/refusal.ts';

/** The calls of one RPC service, by the AMQP `type` of the request. */
export type RpcContract = Readonly<Record<string, { readonly request: z.ZodType; readonly result: z.ZodType }>>;

export type RequestOf<C extends RpcContract, M extends keyof C> = z.infer<C[M]['request']>;
export type ResultOf<C extends RpcContract, M extends keyof C> = z.infer<C[M]['result']>;

/** What comes back: a result, a refusal (an answer, perhaps another one in so many seconds), or a failure (none). */
export const rpcReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), result: z.unknown() }),
  z.object({ kind: z.literal('refusal'), reason: refusalReason, retry_after: z.int().min(1).optional() }),
  z.object({ kind: z.literal('failure'), message: z.string(), retryable: z.boolean() }),
]);
export type RpcReply = z.infer<typeof rpcReply>;
