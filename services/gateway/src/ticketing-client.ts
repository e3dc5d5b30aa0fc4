import {
  Overloaded,
  Refusal,
  type CallOptions,
  type CreateTicket,
  type Logger,
  type RpcClient,
  type Ticket,
  type TicketingRpc,
} from '@turno/shared';
import CircuitBreaker from 'opossum';

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
const letThrough = (send: () => Promise<Ticket>): Promise<Ticket> => send();

/**
 * Ticketing, as the gateway sees it. A circuit breaker stands before it: when half of the calls fail, the rest are refused
 * at once, so that callers learn it in a millisecond and ticketing is left in peace to come back.
 */
export class TicketingClient {
  readonly #rpc: RpcClient<TicketingRpc>;
  readonly #timeoutMs: number;
  readonly #breaker: CircuitBreaker<Parameters<typeof letThrough>, Ticket>;

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
   * Creates a ticket.
   *
   * @throws Refusal for a rule of the catalogue; any other error means that ticketing is away, slow or failing
   */
  createTicket(command: CreateTicket, request: Pick<CallOptions, 'requestId' | 'requestKey'>): Promise<Ticket> {
    const timeoutMs = this.#timeoutMs;
    return this.#breaker.fire(() => this.#rpc.call('CreateTicket', command, { ...request, timeoutMs }));
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
