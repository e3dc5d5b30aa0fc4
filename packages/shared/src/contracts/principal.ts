import { z } from 'zod';

/** Who makes a request, as the gateway has found out. A gateway that does not say so knows of nobody but the anonymous. */
export const principal = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('anonymous') }),
    /** A channel, by one of its API keys. */
    z.object({ kind: z.literal('channel'), key_id: z.string(), channel: z.string() }),
    /** A customer, by a token. */
    z.object({ kind: z.literal('customer'), customer_id: z.string() }),
  ])
  .default({ kind: 'anonymous' });
export type Principal = z.infer<typeof principal>;
