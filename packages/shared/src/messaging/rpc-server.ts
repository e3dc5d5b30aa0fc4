import type { ConsumeMessage } from 'amqplib';
import type { RpcEntrance } from '../contracts/rpc-entrances.ts';
import type { QueueDefinition } from '../contracts/topology.ts';
import { ContractViolation, Refusal, TurnoError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { traceIdOf, type TraceContext } from '../telemetry/trace-context.ts';
import { whyNotAdmitted } from './admission.ts';
import { callsOf, type IncomingCall } from './call-messages.ts';
import type { BrokerConnection } from './connection.ts';
import { declareRpc } from './declare-topology.ts';
import { Deliveries, type Delivery } from './deliveries.ts';
import { ObservedRpc, outcomeOfReply, type ServerOutcome } from './observed-rpc.ts';
import { Replies } from './replies.ts';
import { Room } from './room.ts';
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
 * Serves the calls of a contract, which come alone or several in a message; each is answered when it is ready, by itself. A request
 * past its deadline is dropped unanswered: its caller was told so already. A message is acknowledged after the broker has the replies
 * to all of its calls, so that a crash hands them to another instance, which finds what was done by the request keys; and so does
 * a reply that cannot be sent: the message is given back then. Callers drop replies that they have already.
 */
export class RpcServer<C extends RpcContract> {
  readonly #options: RpcServerOptions<C>;
  readonly #requests: Deliveries;
  readonly #replies: Replies;
  readonly #observed: ObservedRpc<ServerOutcome>;
  /**
   * The broker counts messages. As many as calls may be worked on are taken, since each may have one call only; where they have
   * more, the others wait in here.
   */
  readonly #room: Room;

  constructor(options: RpcServerOptions<C>) {
    const { consumeOn, replyOn, queue, prefetch = 200 } = options;
    this.#options = options;
    this.#observed = new ObservedRpc('server', queue.name, options.telemetry);
    this.#replies = new Replies(replyOn);
    this.#room = new Room(prefetch);
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
    const calls = this.#callsOf(message);
    const settled = await Promise.all(calls.map((call) => this.#room.within(() => this.#serveCall(call, message))));
    if (settled.includes(false)) giveBack();
    else ack();
  }

  #callsOf(message: ConsumeMessage): IncomingCall[] {
    try {
      return callsOf(message);
    } catch (error) {
      if (!(error instanceof ContractViolation)) throw error;
      this.#options.logger.error({ why: error.message }, 'dropped a message of calls that breaks the contract');
      return [];
    }
  }

  /** @returns false when there is a reply that cannot be sent */
  async #serveCall(call: IncomingCall, message: ConsumeMessage): Promise<boolean> {
    const { id, method, requestId = 'none', deadline } = call;
    const observed = this.#observed.begin(this.#labelOf(method), requestId, call.trace);
    const { trace } = observed;
    const logger = this.#options.logger.child({ request_id: requestId, trace_id: traceIdOf(trace), method });
    if (!(deadline >= Date.now())) {
      logger.warn('dropped a request that came after its deadline, or without one');
      observed.end('late');
      return true;
    }
    const reply = await this.#answer(call, message, { requestId, deadline, trace, logger });
    observed.end(outcomeOfReply[reply.kind]);
    const to = { replyTo: String(message.properties.replyTo), id };
    // With no other call in work there is no reply to share a message with.
    const isSent = await this.#replies.send(reply, to, { logger, isLone: this.#room.inside === 1 });
    if (!isSent) logger.warn('gave a request back whose reply cannot be sent');
    return isSent;
  }

  /** One that the contract does not know is whatever somebody sent. */
  #labelOf(method: string): string {
    return Object.hasOwn(this.#options.contract, method) ? method : 'unknown';
  }

  async #answer(
    { method, requestKey, request: sent }: IncomingCall,
    message: ConsumeMessage,
    known: Omit<CallContext, 'requestKey'>,
  ): Promise<RpcReply> {
    const { logger } = known;
    const { contract, entrances, handlers, asOutcome } = this.#options;
    const call = Object.hasOwn(contract, method) ? contract[method] : undefined;
    const why = whyNotAdmitted(message, method, entrances);
    if (why !== undefined) return invalidRequest(logger, why);
    if (!call || !requestKey) return invalidRequest(logger, `no method "${method}", or no request key`);
    try {
      const request = call.request.safeParse(sent());
      if (!request.success) return invalidRequest(logger, request.error.message);
      const data = request.data as RequestOf<C, keyof C>;
      return { kind: 'result', result: await handlers[method as keyof C](data, { ...known, requestKey }) };
    } catch (thrown) {
      const error = asOutcome?.(thrown) ?? thrown;
      if (error instanceof Refusal)
        return { kind: 'refusal', reason: error.reason, retry_after: error.retryAfterSeconds };
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
