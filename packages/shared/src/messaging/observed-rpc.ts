import { BrokerUnavailable, OutcomeUnknown, Overloaded, Refusal } from '../errors.ts';
import { secondsSince } from '../telemetry/metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { isRecorded, type TraceContext } from '../telemetry/trace-context.ts';
import { noTracing, type SpanAttributes, type Tracing } from '../telemetry/tracing.ts';
import type { RpcReply } from './rpc-contract.ts';

/** A call under way. */
export interface ObservedCall<O> {
  /** What follows from it belongs to this. */
  readonly trace: TraceContext | undefined;
  end(outcome: O): void;
}

/** Timeout and unavailable: there was no answer. Failed: there was one, of no use. */
type ClientOutcome = 'ok' | 'refused' | 'timeout' | 'unavailable' | 'failed';
export type ServerOutcome = 'ok' | 'refused' | 'late' | 'failed';

/** What becomes of a call, as its caller is told. */
export function outcomeOfError(error: unknown): ClientOutcome {
  if (error instanceof Refusal) return 'refused';
  if (error instanceof OutcomeUnknown) return 'timeout';
  return error instanceof BrokerUnavailable || error instanceof Overloaded ? 'unavailable' : 'failed';
}

export const outcomeOfReply = { result: 'ok', refusal: 'refused', failure: 'failed' } as const satisfies Record<
  RpcReply['kind'],
  ServerOutcome
>;

/**
 * The calls of one side of an RPC, measured and traced. A caller waits for its answer, so the spans are of the kinds client and
 * server, and they have the attributes of messages.
 */
export class ObservedRpc<O extends ClientOutcome | ServerOutcome> {
  readonly #side: 'client' | 'server';
  readonly #queue: string;
  readonly #tracing: Tracing;
  readonly #seconds;

  constructor(side: 'client' | 'server', queue: string, telemetry: Telemetry | undefined) {
    this.#side = side;
    this.#queue = queue;
    this.#tracing = telemetry?.tracing ?? noTracing;
    const help = {
      client: 'Calls to another service, until the answer',
      server: 'Calls of other services, until the reply',
    };
    this.#seconds = telemetry?.metrics.histogram(`turno_rpc_${side}_duration_seconds`, `${help[side]}, in seconds`, [
      'method',
      'outcome',
    ]);
  }

  /** @param method known to the contract, or a word for all that are not: it becomes a label */
  begin(method: string, requestId: string, parent: TraceContext | undefined): ObservedCall<O> {
    const start = performance.now();
    const attributes = parent && isRecorded(parent) && this.#attributes(method, requestId);
    const span = this.#tracing.begin({
      name: `${method} ${this.#queue}`,
      kind: this.#side,
      parent,
      ...(attributes && { attributes }),
    });
    return {
      trace: span.trace,
      end: (outcome) => {
        this.#seconds?.observe({ method, outcome }, secondsSince(start));
        const hasFailed = outcome !== 'ok' && outcome !== 'refused';
        span.end({ attributes: { 'turno.outcome': outcome }, ...(hasFailed && { error: outcome }) });
      },
    };
  }

  #attributes(method: string, requestId: string): SpanAttributes {
    return {
      'rpc.method': method,
      'messaging.system': 'rabbitmq',
      'messaging.destination.name': this.#queue,
      'messaging.operation.type': this.#side === 'client' ? 'send' : 'process',
      'messaging.operation.name': this.#side === 'client' ? 'call' : 'serve',
      'turno.request.id': requestId,
    };
  }
}
