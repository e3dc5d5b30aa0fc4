/**
 * What the console shows, as its page gets it. Names of fields are the page's own affair, hence not those of the wire; moments
 * are in milliseconds since the epoch, times in milliseconds. It imports nothing: the page's scripts are checked against it, too.
 */
export interface Figures {
  readonly at: number;
  readonly verdict: Verdict;
  /** Whether the gateway knows a token, without which nothing is redriven. */
  readonly canRedrive: boolean;
  readonly gateway: GatewayFigures;
  readonly queues: Part<readonly QueueFigures[]>;
  readonly depths: DepthSeries;
  readonly tickets: Part<Tickets>;
  readonly sms: Part<Sms>;
  readonly deadLetters: Part<DeadLetters>;
}

/** What one of the others was asked for, as it last answered, and since when it does not. */
export interface Part<T> {
  readonly value?: T;
  readonly at?: number;
  readonly failing?: { readonly since: number; readonly why: string };
}

export interface Verdict {
  readonly state: 'well' | 'look' | 'broken';
  /** The worst first; none when all is well. */
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly state: 'look' | 'broken';
  readonly what: string;
  readonly todo: string;
  /** Where the console's help goes on. */
  readonly help: string;
}

/** What this very gateway sees. */
export interface GatewayFigures {
  readonly startedAt: number;
  /** Why it cannot reach the broker, if it cannot. */
  readonly brokerTrouble?: string;
  readonly breaker: 'closed' | 'half-open' | 'open';
  readonly pendingCalls: number;
  readonly requestsInFlight: number;
  /** Refused since the start because too many were in flight. */
  readonly requestsShed: number;
  /** Undefined where it is not measured. */
  readonly rpc?: CallSeries;
  readonly http?: CallSeries;
}

/** Calls of the last hour, slot by slot; the last one is not over. */
export interface CallSeries {
  readonly since: number;
  readonly slotMs: number;
  readonly calls: readonly number[];
  readonly failed: readonly number[];
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
}

export interface QueueFigures {
  readonly name: string;
  readonly is: 'calls' | 'events' | 'dead letters';
  /** Undefined where the broker has no such queue. */
  readonly depth?: { readonly messages: number; readonly consumers: number };
}

/** Messages in each queue, slot by slot; null where nobody looked. */
export interface DepthSeries {
  readonly since: number;
  readonly slotMs: number;
  readonly queues: readonly { readonly name: string; readonly messages: readonly (number | null)[] }[];
}

export interface Tickets {
  readonly since: number;
  readonly branches: readonly { readonly name: string; readonly perMinute: readonly (number | null)[] }[];
  readonly outbox: { readonly size: number; readonly oldestSince?: number };
}

export interface Sms {
  /** Of the last hour, by state. */
  readonly counts: Readonly<Record<string, number>>;
  readonly handover: readonly {
    readonly minute: number;
    readonly sms: number;
    readonly p50: number;
    readonly p95: number;
  }[];
  readonly newest: readonly SmsLine[];
  readonly providers: readonly { readonly name: string; readonly breaker: string; readonly waiting: number }[];
  readonly isFallbackInUse: boolean;
}

export interface SmsLine {
  readonly ticketId: string;
  readonly to: string;
  readonly purpose: string;
  readonly state: string;
  readonly since: number;
  readonly createdAt: number;
  readonly provider?: string;
  readonly reason?: string;
  readonly attempt: number;
}

export interface DeadLetters {
  readonly queue: string;
  readonly waiting: number;
  readonly totals: readonly { readonly reason: string; readonly count: number }[];
  readonly letters: readonly Letter[];
}

export interface Letter {
  /** What names it to be redriven. */
  readonly id: string;
  readonly type?: string;
  readonly requestId?: string;
  readonly reason: string;
  readonly since?: number;
  readonly redriven: number;
}
