import {
  Overloaded,
  Refusal,
  type Logger,
  type RequestOf,
  type ResultOf,
  type RpcClient,
  type TicketingRpc,
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

type Method = Exclude<keyof TicketingRpc, 'Ping'>;

export interface CallContext {
  readonly requestId: string;
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
      errorFilter: isNoFaultOfTicketing,
    });
    this.#breaker.on('open', () => logger.warn('the breaker before ticketing has opened'));
    this.#breaker.on('halfOpen', () => logger.info('the breaker before ticketing lets one call through'));
    this.#breaker.on('close', () => logger.info('the breaker before ticketing has closed'));
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
    { requestId, requestKey = requestKeyOf() }: CallContext,
  ): Promise<ResultOf<TicketingRpc, M>> {
    const options = { requestId, requestKey, timeoutMs: this.#timeoutMs };
    const result = await this.#breaker.fire(() => this.#rpc.call(method, request, options));
    return result as ResultOf<TicketingRpc, M>;
  }

  /** Resolves when ticketing could create a ticket now; asks ticketing itself, past the breaker. */
  async ping(): Promise<void> {
    await this.#rpc.call('Ping', {}, { requestId: 'readiness', requestKey: 'readiness', timeoutMs: pingTimeoutMs });
  }

  close(): void {
    this.#breaker.shutdown();
  }
}

function isNoFaultOfTicketing(error: unknown): boolean {
  return error instanceof Refusal || error instanceof Overloaded;
}
