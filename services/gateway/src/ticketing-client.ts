import {
  breakerStateOf,
  Refusal,
  type BreakerState,
  type Logger,
  type RequestOf,
  type ResultOf,
  type RpcClient,
  type TicketingRpc,
  type TraceContext,
} from '@turno/shared';
import CircuitBreaker from 'opossum';
import { requestKeyOf } from './request-key.ts';

export interface TicketingClientOptions {
  readonly rpc: RpcClient<TicketingRpc>;
  /** For one call, in milliseconds. */
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** How soon after opening the breaker lets one call through to see whether ticketing is back. */
const probeAfterMs = 1_000;
const pingTimeoutMs = 1_000;

/** What the breaker watches: any call, sent when it is let through. */
const letThrough = (send: () => Promise<unknown>): Promise<unknown> => send();

type Method = Exclude<keyof TicketingRpc, 'Ping' | 'AnnounceTicketsAgain' | 'ListApiKeys'>;

export interface CallContext {
  readonly requestId: string;
  /** What the call is a part of. */
  readonly trace?: TraceContext | undefined;
  /** Equal on the repeats of one request; one of our own when it is not to be repeated by its caller. */
  readonly requestKey?: string;
}

/**
 * Ticketing, as the gateway sees it. A circuit breaker stands before it: when half of the calls fail, the rest are refused
 * at once, so that callers learn it in a millisecond and ticketing is left in peace to come back.
 */
export class TicketingClient {
  readonly #rpc: RpcClient<TicketingRpc>;
  readonly #timeoutMs: number;
  readonly #breaker: CircuitBreaker<Parameters<typeof letThrough>>;
  readonly #logger: Logger;
  /** Of the call that failed last, for the log and for whoever asks why the breaker is open. */
  #lastFailure: Error | undefined;

  constructor({ rpc, timeoutMs, logger }: TicketingClientOptions) {
    this.#rpc = rpc;
    this.#timeoutMs = timeoutMs;
    this.#breaker = new CircuitBreaker(letThrough, {
      name: 'ticketing',
      // Each call has its own deadline already.
      timeout: false,
      errorThresholdPercentage: 50,
      // Without it the very first failure after a quiet time would open the breaker.
      volumeThreshold: 10,
      resetTimeout: probeAfterMs,
      // Nobody asks for them, and they are a sort of all latencies of ten seconds, once a second and at each failure.
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      errorFilter: isAnswer,
    });
    this.#logger = logger;
    this.#logChanges();
  }

  /** When a refused caller should come again, in seconds. */
  readonly retryAfterSeconds = probeAfterMs / 1_000;

  /**
   * Calls ticketing.
   *
   * @throws Refusal for a rule of the catalogue; any other error means that ticketing is away, slow or failing
   */
  async call<M extends Method>(
    method: M,
    request: RequestOf<TicketingRpc, M>,
    { requestId, trace, requestKey = requestKeyOf() }: CallContext,
  ): Promise<ResultOf<TicketingRpc, M>> {
    const options = { requestId, requestKey, trace, timeoutMs: this.#timeoutMs };
    // Before the breaker, which would close by a call that was never sent: it takes what is no failure for a success.
    this.#rpc.assertRoom();
    const result = await this.#breaker.fire(() => this.#rpc.call(method, request, options));
    return result as ResultOf<TicketingRpc, M>;
  }

  /** Where the breaker stands. While it is half-open one call is under way, or the next one will be let through. */
  get breakerState(): BreakerState {
    return breakerStateOf(this.#breaker);
  }

  /**
   * Whether a call would get through to a ticketing that can create a ticket now; asks ticketing itself, past the breaker.
   * A half-open breaker is no obstacle: it closes by a call, and a gateway that were unready for it would get none.
   */
  async readiness(): Promise<true | string> {
    const why = await this.#ping();
    const state = this.breakerState;
    if (state === 'open') return `the breaker is open: ${why ?? this.#lastFailure?.message}`;
    if (why !== undefined && state === 'half-open') return `the breaker is half-open: ${why}`;
    return why ?? true;
  }

  close(): void {
    this.#breaker.shutdown();
  }

  /** Gives back why ticketing could not create a ticket, if it could not. */
  async #ping(): Promise<string | undefined> {
    const options = { requestId: 'readiness', requestKey: 'readiness', timeoutMs: pingTimeoutMs };
    try {
      await this.#rpc.call('Ping', {}, options);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #logChanges(): void {
    const breaker = this.#breaker;
    breaker.on('failure', (error) => (this.#lastFailure = error));
    breaker.on('open', () =>
      this.#logger.warn(
        { breaker: 'open', reason: this.#lastFailure?.message },
        'the breaker before ticketing has opened',
      ),
    );
    breaker.on('halfOpen', () =>
      this.#logger.info({ breaker: 'half-open' }, 'the breaker before ticketing lets one call through'),
    );
    breaker.on('close', () => this.#logger.info({ breaker: 'closed' }, 'the breaker before ticketing has closed'));
  }
}

/** A refusal is no failure: ticketing has considered the request. */
function isAnswer(error: unknown): boolean {
  return error instanceof Refusal;
}
