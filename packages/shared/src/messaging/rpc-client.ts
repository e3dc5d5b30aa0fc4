import type { Channel, ConsumeMessage } from 'amqplib';
import type { RpcEntrance } from '../contracts/rpc-entrances.ts';
import type { QueueDefinition } from '../contracts/topology.ts';
import {
  BrokerUnavailable,
  ContractViolation,
  OutcomeUnknown,
  Overloaded,
  Refusal,
  RemoteFailure,
  type TurnoError,
} from '../errors.ts';
import type { BrokerConnection } from './connection.ts';
import { headers } from './headers.ts';
import { ObservedRpc, outcomeOfError } from './observed-rpc.ts';
import { RecoveringChannel, withoutConfirms } from './recovering-channel.ts';
import { rpcReply, type RequestOf, type ResultOf, type RpcContract } from './rpc-contract.ts';
import { traceHeaders } from './trace-headers.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { TraceContext } from '../telemetry/trace-context.ts';

const directReplyTo = 'amq.rabbitmq.reply-to';

export interface RpcClientOptions<C extends RpcContract> {
  readonly connection: BrokerConnection;
  readonly contract: C;
  readonly queue: QueueDefinition;
  /** By which the caller's requests go; the default exchange without one, where a server takes those. */
  readonly entrance?: RpcEntrance;
  /** Calls in flight beyond this are refused at once with Overloaded. */
  readonly maxPending?: number;
  readonly telemetry?: Telemetry | undefined;
}

export interface CallOptions {
  /** From now until the answer, in milliseconds. The server drops a request that it meets later than that. */
  readonly timeoutMs: number;
  readonly requestId: string;
  /** Equal on every repeat of one request, so that the server can tell a repeat from a new one. */
  readonly requestKey: string;
  /** What the call is a part of; a call of its own accord is not traced. */
  readonly trace?: TraceContext | undefined;
}

interface PendingCall {
  resolve(body: Buffer): void;
  reject(error: TurnoError): void;
}

/**
 * Calls an RPC service over direct reply-to: no reply queue, at most once. Requests are transient and carry their
 * deadline, both as a header and as the message's time to live.
 */
export class RpcClient<C extends RpcContract> {
  readonly #options: RpcClientOptions<C>;
  readonly #channel: RecoveringChannel<Channel>;
  readonly #pending = new Map<string, PendingCall>();
  readonly #exchangeName: string;
  readonly #maxPending: number;
  readonly #observed: ObservedRpc<ReturnType<typeof outcomeOfError>>;
  /**
   * Of the call sent last. Counted through all channels: an id that came again would let the late reply to a call that was
   * given up answer another. Other clients may use the same ids, for direct reply-to brings each its own replies only.
   */
  #lastCall = 0;

  constructor(options: RpcClientOptions<C>) {
    this.#options = options;
    this.#exchangeName = options.entrance?.exchange.name ?? '';
    this.#maxPending = options.maxPending ?? 1_000;
    this.#observed = new ObservedRpc('client', options.queue.name, options.telemetry);
    this.#channel = new RecoveringChannel({
      connection: options.connection,
      name: 'rpc requests',
      open: withoutConfirms,
      setUp: async (channel) => {
        channel.on('return', ({ properties }) =>
          this.#fail(properties.correlationId, new BrokerUnavailable(`the queue ${options.queue.name} does not exist`)),
        );
        await channel.consume(directReplyTo, (message) => this.#receive(channel, message), { noAck: true });
      },
      onLost: () => this.#failAll('the channel to the broker was lost'),
    });
  }

  /** True when a call has a channel to go out on now. */
  get isReady(): boolean {
    return this.#channel.current !== undefined && this.#options.connection.blockedBecause === undefined;
  }

  /** Calls that are not answered yet. */
  get pending(): number {
    return this.#pending.size;
  }

  /** @throws Overloaded when as many calls are in flight as may be: the next one would be refused without being sent */
  assertRoom(): void {
    if (this.#pending.size >= this.#maxPending) throw new Overloaded(`${this.#pending.size} calls are in flight`);
  }

  /** Resolves once the channel is open. */
  ready(): Promise<void> {
    return this.#channel.ready();
  }

  /**
   * Calls `method` and gives back its result, validated.
   *
   * @throws Refusal the server's considered no
   * @throws BrokerUnavailable, Overloaded nothing was sent
   * @throws OutcomeUnknown no answer in time, or the channel died in between
   * @throws RemoteFailure the server answered that it failed
   * @throws ContractViolation the reply has the wrong shape
   */
  async call<M extends keyof C & string>(
    method: M,
    request: RequestOf<C, M>,
    options: CallOptions,
  ): Promise<ResultOf<C, M>> {
    const observed = this.#observed.begin(method, options.requestId, options.trace);
    try {
      const sent = Buffer.from(JSON.stringify(request));
      const body = await this.#exchange(method, sent, { ...options, trace: observed.trace });
      const result = this.#read(method, body);
      observed.end('ok');
      return result;
    } catch (error) {
      observed.end(outcomeOfError(error));
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#channel.close();
    this.#failAll('the client was closed');
  }

  #exchange(method: string, body: Buffer, options: CallOptions): Promise<Buffer> {
    const { timeoutMs, requestId, requestKey, trace } = options;
    const channel = this.#sendable();
    const correlationId = String(++this.#lastCall);
    return new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(correlationId, new OutcomeUnknown(`no answer to ${method} within ${timeoutMs} ms`)),
        timeoutMs,
      );
      // Registered before the publish: the answer may come before `publish` has returned.
      this.#pending.set(correlationId, {
        resolve: (reply) => (clearTimeout(timer), resolve(reply)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      });
      try {
        channel.publish(this.#exchangeName, this.#options.queue.name, body, {
          type: method,
          correlationId,
          replyTo: directReplyTo,
          contentType: 'application/json',
          expiration: String(timeoutMs),
          mandatory: true,
          headers: {
            [headers.deadline]: Date.now() + timeoutMs,
            [headers.requestId]: requestId,
            [headers.requestKey]: requestKey,
            ...traceHeaders(trace),
          },
        });
      } catch (error) {
        this.#fail(correlationId, new BrokerUnavailable('the channel to the broker has just closed', { cause: error }));
      }
    });
  }

  #sendable(): Channel {
    const channel = this.#channel.current;
    if (!channel) throw new BrokerUnavailable('no channel to the broker');
    if (this.#options.connection.blockedBecause) throw new BrokerUnavailable('the broker blocks publishers');
    this.assertRoom();
    return channel;
  }

  #read<M extends keyof C & string>(method: M, body: Buffer): ResultOf<C, M> {
    const reply = rpcReply.safeParse(parseJson(body));
    if (!reply.success) throw new ContractViolation(`the reply to ${method} is no reply`, { cause: reply.error });
    if (reply.data.kind === 'refusal')
      throw new Refusal(reply.data.reason, { retryAfterSeconds: reply.data.retry_after });
    if (reply.data.kind === 'failure') throw new RemoteFailure(reply.data.message, reply.data.retryable);
    const result = this.#options.contract[method]!.result.safeParse(reply.data.result);
    if (!result.success) throw new ContractViolation(`the result of ${method} is off`, { cause: result.error });
    return result.data as ResultOf<C, M>;
  }

  /** Answers to calls that were given up are dropped: their caller has been told. */
  #receive(channel: Channel, message: ConsumeMessage | null): void {
    if (!message) return this.#channel.renew(channel);
    const id = String(message.properties.correlationId);
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    call?.resolve(message.content);
  }

  #fail(correlationId: string, error: TurnoError): void {
    const call = this.#pending.get(correlationId);
    this.#pending.delete(correlationId);
    call?.reject(error);
  }

  #failAll(why: string): void {
    for (const id of this.#pending.keys()) this.#fail(id, new OutcomeUnknown(why));
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
