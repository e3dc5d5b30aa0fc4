import type { Channel, ConsumeMessage } from 'amqplib';
import type { RpcEntrance } from '../contracts/rpc-entrances.ts';
import type { QueueDefinition } from '../contracts/topology.ts';
import { BrokerUnavailable, ContractViolation, OutcomeUnknown, Overloaded, Refusal, RemoteFailure } from '../errors.ts';
import { callMessage, callsOf, type OutgoingCall } from './call-messages.ts';
import type { BrokerConnection } from './connection.ts';
import { fitMessages } from './fit-messages.ts';
import { GroupedByTurn } from './grouped-by-turn.ts';
import { ObservedRpc, outcomeOfError } from './observed-rpc.ts';
import { PendingCalls } from './pending-calls.ts';
import { RecoveringChannel, withoutConfirms } from './recovering-channel.ts';
import { repliesOf } from './reply-messages.ts';
import { rpcReply, type RequestOf, type ResultOf, type RpcContract } from './rpc-contract.ts';
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

/**
 * Calls an RPC service over direct reply-to: no reply queue, at most once. Requests are transient and carry their
 * deadline, both as a header and as the message's time to live. Calls that are made in one turn of the event loop share messages.
 */
export class RpcClient<C extends RpcContract> {
  readonly #options: RpcClientOptions<C>;
  readonly #channel: RecoveringChannel<Channel>;
  readonly #pending = new PendingCalls();
  readonly #leaving = new GroupedByTurn<OutgoingCall>((calls) => this.#sendAll(calls));
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
        channel.on('return', (message) => {
          const error = new BrokerUnavailable(`the queue ${options.queue.name} does not exist`);
          this.#pending.fail(idsOf(callsOf(message)), error);
        });
        await channel.consume(directReplyTo, (message) => this.#receive(channel, message), { noAck: true });
      },
      onLost: () => {
        const unsent = new BrokerUnavailable('the channel to the broker was lost before the call was sent');
        this.#pending.fail(idsOf(this.#leaving.takeBack()), unsent);
        this.#pending.failAll(new OutcomeUnknown('the channel to the broker was lost'));
      },
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
      const sent = { ...options, method, request: JSON.stringify(request), trace: observed.trace };
      const result = this.#read(method, await this.#exchange(sent));
      observed.end('ok');
      return result;
    } catch (error) {
      observed.end(outcomeOfError(error));
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#leaving.flush();
    await this.#channel.close();
    this.#pending.failAll(new OutcomeUnknown('the client was closed'));
  }

  #exchange(call: Omit<OutgoingCall, 'id' | 'deadline'>): Promise<unknown> {
    const { method, timeoutMs } = call;
    this.#usable();
    this.assertRoom();
    const id = String(++this.#lastCall);
    // Waited for before it leaves: the answer may come before `publish` has returned.
    const reply = this.#pending.replyTo(id, method, timeoutMs);
    this.#leave({ ...call, id, deadline: Date.now() + timeoutMs });
    return reply;
  }

  /** With nobody under way there is nobody to share with: the end of the turn need not be waited for. */
  #leave(call: OutgoingCall): void {
    if (this.#pending.size === 1) this.#sendAll([call]);
    else this.#leaving.add(call);
  }

  #sendAll(calls: readonly OutgoingCall[]): void {
    for (const together of fitMessages(calls, ({ request }) => request.length)) {
      try {
        this.#send(together);
      } catch (error) {
        this.#pending.fail(idsOf(together), error instanceof BrokerUnavailable ? error : justClosed(error));
      }
    }
  }

  #send(together: readonly OutgoingCall[]): void {
    const { body, properties } = callMessage(together);
    const addressed = { ...properties, replyTo: directReplyTo, mandatory: true };
    this.#usable().publish(this.#exchangeName, this.#options.queue.name, body, addressed);
  }

  #usable(): Channel {
    const channel = this.#channel.current;
    if (!channel) throw new BrokerUnavailable('no channel to the broker');
    if (this.#options.connection.blockedBecause) throw new BrokerUnavailable('the broker blocks publishers');
    return channel;
  }

  #read<M extends keyof C & string>(method: M, received: unknown): ResultOf<C, M> {
    const reply = rpcReply.safeParse(received);
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
    for (const { id, reply } of repliesOf(message)) this.#pending.answer(id, reply);
  }
}

function idsOf(calls: readonly { readonly id: string }[]): string[] {
  return calls.map(({ id }) => id);
}

function justClosed(cause: unknown): BrokerUnavailable {
  return new BrokerUnavailable('the channel to the broker has just closed', { cause });
}
