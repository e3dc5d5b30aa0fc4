import type { Latencies } from './latencies.ts';

export const scenarioNames = ['spread', 'hot', 'reads', 'keys', 'slow'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** How requests come: each caller after its answer, or at a rate whatever the answers do. */
export type Loop =
  { readonly kind: 'closed'; readonly connections: number } | { readonly kind: 'open'; readonly perSecond: number };

/** What the load generator is asked to do. */
export interface LoadOrder {
  readonly apiUrl: string;
  readonly scenario: ScenarioName;
  readonly loop: Loop;
  /** Load that is not measured, before that which is. In milliseconds. */
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** No more tickets than this, when it is given; the load ends with them. */
  readonly tickets?: number | undefined;
  /** Of the first ticket; the others count on from it. No two orders share an index. */
  readonly firstIndex: number;
  /** Whether tickets have a phone. */
  readonly withPhones: boolean;
}

export interface LoadResult {
  /** Requests answered as they should be within the measured time, in which the latencies are of. */
  readonly measured: number;
  readonly measuredSeconds: number;
  /**
   * From a request to the end of its answer. In the open loop from when the request was due, so that one that had to wait
   * for its turn counts that wait (no coordinated omission).
   */
  readonly latencies: Latencies;
  /** How late the generator itself was, in the open loop. */
  readonly lateness: Latencies | undefined;
  /** Tickets created, those of the warm-up included. */
  readonly created: number;
  /** Tickets read, those of the warm-up included. */
  readonly read: number;
  /** Answers other than expected, by what they were. */
  readonly failures: Readonly<Record<string, number>>;
  /** When each ticket was asked for, by its index less the first; NaN where it was not created. Monotonic milliseconds. */
  readonly askedAt: Float64Array;
}
