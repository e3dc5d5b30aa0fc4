import { z } from 'zod';

const count = z.int().min(0);

/** How much is in queues of the broker now. */
export const queueDepthList = z.object({
  queues: z.array(
    z.object({
      name: z.string(),
      /** What nobody holds, and how many consume it; absent where the broker has no such queue. */
      depth: z.object({ messages: count, consumers: count }).optional(),
    }),
  ),
});
export type QueueDepth = z.infer<typeof queueDepthList>['queues'][number];
