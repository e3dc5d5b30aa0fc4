import { randomFillSync } from 'node:crypto';

/**
 * The place of a piece of work in its trace, as it travels in HTTP headers, message headers and documents.
 *
 * @see https://www.w3.org/TR/trace-context/
 */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Of any version: a later one may say more behind the flags. */
const known = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?=$|-)/;
const laterVersion = /^(?!00)/;
const lengthOfVersion00 = 55;
/** What everybody on the way has to pass on; more may be dropped. */
const tracestateAtMost = 512;

/** What somebody sent as theirs; undefined where it is nothing of the kind. */
export function traceContext(traceparent: unknown, tracestate?: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, traceId, spanId, flags] = known.exec(traceparent) ?? [];
  if (!traceId || (traceparent.length !== lengthOfVersion00 && !laterVersion.test(traceparent))) return undefined;
  const own = `00-${traceId}-${spanId}-${flags}`;
  return isTracestate(tracestate) ? { traceparent: own, tracestate } : { traceparent: own };
}

function isTracestate(value: unknown): value is string {
  return typeof value === 'string' && value.length <= tracestateAtMost && /^[\x20-\x7e]+$/.test(value);
}

/** A trace that nobody records: its id joins log lines all the same. */
export function unrecordedTrace(): TraceContext {
  return { traceparent: `00-${randomHex(16)}-${randomHex(8)}-00` };
}

/** Its id, as on log lines. */
export function traceIdOf(trace: TraceContext | undefined): string | undefined {
  return trace?.traceparent.slice(3, 35);
}

/** Whether somebody records it. */
export function isRecorded({ traceparent }: TraceContext): boolean {
  return (Number.parseInt(traceparent.slice(-2), 16) & 1) === 1;
}

/** Drawn ahead, as for ids. Each byte is used once. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.toString('hex', used, (used += bytes));
}
