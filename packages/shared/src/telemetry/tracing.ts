import { unrecordedTrace, type TraceContext } from './trace-context.ts';

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  /** What it is a part of. What belongs to no trace is not recorded, unless it may begin one. */
  readonly parent: TraceContext | undefined;
  readonly mayBeginTrace?: true;
  /** Other traces that it is done for, beside its parent's. */
  readonly links?: readonly TraceContext[];
  /** Named as OpenTelemetry's conventions name them; without phones. */
  readonly attributes?: SpanAttributes;
}

export interface SpanEnd {
  /** Where it is known at the end only. */
  readonly name?: string;
  readonly attributes?: SpanAttributes;
  /** Why it has failed, if it has: in words without phones. */
  readonly error?: string;
}

/** A piece of work under way. */
export interface Span {
  /** What follows from it has this for its parent. */
  readonly trace: TraceContext | undefined;
  end(end?: SpanEnd): void;
}

/** Records what is done for whom, and how long it takes. */
export interface Tracing {
  begin(start: SpanStart): Span;
  /** Hands over what is recorded and not exported yet; gives up after two seconds. */
  stop(): Promise<void>;
}

const done = (): void => undefined;

/** Records nothing; what others record goes on behind it. */
export const noTracing: Tracing = {
  begin: ({ parent, mayBeginTrace }) => ({ trace: parent ?? (mayBeginTrace && unrecordedTrace()), end: done }),
  stop: async () => undefined,
};
