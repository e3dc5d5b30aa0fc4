import type { MessageProperties } from 'amqplib';
import { traceContext, type TraceContext } from '../telemetry/trace-context.ts';
import { headers } from './headers.ts';

/** The trace that a message belongs to, as its headers say. */
export function traceOfMessage({ headers: sent }: Pick<MessageProperties, 'headers'>): TraceContext | undefined {
  return traceContext(sent?.[headers.traceparent], sent?.[headers.tracestate]);
}

/** The headers that say which trace a message belongs to. */
export function traceHeaders(trace: TraceContext | undefined): Readonly<Record<string, string>> {
  if (!trace) return {};
  const { traceparent, tracestate } = trace;
  return tracestate === undefined
    ? { [headers.traceparent]: traceparent }
    : { [headers.traceparent]: traceparent, [headers.tracestate]: tracestate };
}
