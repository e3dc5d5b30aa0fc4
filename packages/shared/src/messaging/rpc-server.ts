import type { ConsumeMessage, MessageProperties } from 'amqplib';
import type { RpcEntrance } from '../contracts/rpc-entrances.ts';
import type { QueueDefinition } from '../contracts/topology.ts';
import { Refusal, TurnoError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { traceIdOf, type TraceContext } from '../telemetry/trace-context.ts';
import { whyNotAdmitted } from './admission.ts';
import type { BrokerConnection } from './connection.ts';
import { declareRpc } from './declare-topology.ts';
import { Deliveries, type Delivery } from './deliveries.ts';
import { headers, textHeader } from './headers.ts';
import { beginServing, ObservedRpc, outcomeOfReply, type ServerOutcome } from './observed-rpc.ts';
import { Replies } from './replies.ts';
import type { RequestOf, ResultOf, RpcContract, RpcReply } from './rpc-contract.ts';

/** What a handler learns beside the request's body. */
export interface CallContext {
  readonly requestId: string;
  readonly requestKey: string;
  /** Milliseconds since the epoch. Whoever called has given up by then: begin nothing later than that. */
  readonly deadline: number;
  /** What follows from the call belongs to this. */
  readonly trace: TraceContext | undefined;
  readonly logger: Logger;
}

export type RpcHandlers<C extends RpcContract> = {
  readonly [M in keyof C]: (request: RequestOf<C, M>, context: CallContext) => Promise<ResultOf<C, M>>;
};

export interface RpcServerOptions<C extends RpcContract> {
  readonly consumeOn: BrokerConnection;
  /** Replies go out on another connection: when the broker blocks publishers it stops reading from them altogether. */
  readonly replyOn: BrokerConnection;
  readonly contract: C;
  readonly queue: QueueDefinition;
  /** Where requests come in, each for one caller; without any, by the default exchange, from everybody. */
  readonly entrances?: readonly RpcEntrance[];
  readonly handlers: RpcHandlers<C>;
  /** Says what an error of a handler means to the caller, where the handlers' database knows better. */
  readonly asOutcome?: (error: unknown) => unknown;
  /** Requests worked on at the same time. */
  readonly prefetch?: number;
  readonly telemetry?: Telemetry | undefined;
  readonly logger: Logger;
}

/**
 * Serves the calls of a contract. A request past its deadline is dropped unanswered: its caller was told so already. It
 * is acknowledged after the broker has its reply, so that a crash hands it to another instance, which finds what was done
 * by the request key; and so does a reply that cannot be sent: the request is given back then.
 */
export class RpcServer<C extends RpcContract> {
  readonly #options: RpcServerOptions<C>;
  readonly #requests: Deliveries;
  readonly #replies: Replies;
  readonly #observed: ObservedRpc<ServerOutcome>;

  constructor(options: RpcServerOptions<C>) {
    const { consumeOn, replyOn, queue, prefetch = 200 } = options;
    this.#options = options;
    this.#observed = new ObservedRpc('server', queue.name, options.telemetry);
    this.#replies = new Replies(replyOn);
    this.#requests = new Deliveries({
      connection: consumeOn,
      queue: queue.name,
      prefetch,
      declare: (channel) => declareRpc(channel, queue, options.entrances),
      take: (delivery) => this.#serve(delivery),
    });
  }

  /** True when requests come in and replies can go out. */
  get isReady(): boolean {
    return this.#requests.isReady && this.#replies.isReady;
  }

  /** Resolves once requests come in and replies can go out. */
  async ready(): Promise<void> {
    await Promise.all([this.#requests.ready(), this.#replies.ready()]);
  }

  /** Takes no more requests, answers those it has, then closes. */
  async close(): Promise<void> {
    await this.#requests.close();
    await this.#replies.close();
  }

  async #serve({ message, ack, giveBack }: Delivery): Promise<void> {
    const { properties } = message;
    const requestId = textHeader(properties, headers.requestId) ?? 'none';
    const call = beginServing(this.#observed, message, this.#methodOf(properties), requestId);
    const { trace } = call;
    const bindings = { request_id: requestId, trace_id: traceIdOf(trace), method: properties.type as unknown };
    const logger = this.#options.logger.child(bindings);
    const deadline = Number(properties.headers?.[headers.deadline]);
    if (!(deadline >= Date.now())) {
      logger.warn('dropped a request that came after its deadline, or without one');
      call.end('late');
    } else {
      const reply = await this.#answer(message, { requestId, deadline, trace, logger });
      call.end(outcomeOfReply[reply.kind]);
      if (!(await this.#replies.send(reply, properties, logger))) {
        logger.warn('gave a request back whose reply cannot be sent');
        return giveBack();
      }
    }
    ack();
  }

  /** One that the contract does not know is whatever somebody sent. */
  #methodOf({ type }: MessageProperties): string {
    return Object.hasOwn(this.#options.contract, String(type)) ? String(type) : 'unknown';
  }

  async #answer(message: ConsumeMessage, known: Omit<CallContext, 'requestKey'>): Promise<RpcReply> {
    const { logger } = known;
    const method = String(message.properties.type);
    const requestKey = textHeader(message.properties, headers.requestKey);
    const call = Object.hasOwn(this.#options.contract, method) ? this.#options.contract[method] : undefined;
    const why = whyNotAdmitted(message, method, this.#options.entrances);
    if (why !== undefined) return invalidRequest(logger, why);
    if (!call || !requestKey) return invalidRequest(logger, `no method "${method}", or no request key`);
    try {
      const request = call.request.safeParse(JSON.parse(message.content.toString()));
      if (!request.success) return invalidRequest(logger, request.error.message);
      const result = await this.#options.handlers[method as keyof C](request.data as RequestOf<C, keyof C>, {
        ...known,
        requestKey,
      });
      return { kind: 'result', result };
    } catch (thrown) {
      const error = this.#options.asOutcome?.(thrown) ?? thrown;
      if (error instanceof Refusal)
        return { kind: 'refusal', reason: error.reason, retry_after: error.retryAfterSeconds };
      if (error instanceof SyntaxError) return invalidRequest(logger, 'the body is not JSON');
      logger.error({ err: error }, 'a request failed');
      const retryable = error instanceof TurnoError && error.retryable;
      return { kind: 'failure', message: 'the request failed, the log has it', retryable };
    }
  }
}

function invalidRequest(logger: Logger, why: string): RpcReply {
  logger.error({ why }, 'a request breaks the contract');
  return { kind: 'failure', message: 'the request breaks the contract', retryable: false };
}
