import { randomId, type RpcClient, type TicketingRpc } from '@turno/shared';

/**
 * How long ticketing may take, in milliseconds: it looks through all tickets of a day. A request can be lost with the node that
 * has its queue, and nobody is told: it is made again then, which is safe, because an event is known by its id.
 */
const timeoutMs = 60_000;

/** Has ticketing make up for events that were lost with their queue. */
export class LostEvents {
  readonly #rpc: RpcClient<TicketingRpc>;
  #waiting: string | undefined;
  /** Of one that was given up meanwhile, as with a lost channel, the end tells nothing. */
  #latest: string | undefined;

  constructor(rpc: RpcClient<TicketingRpc>) {
    this.#rpc = rpc;
  }

  /** What is waited for before events can come in, if anything is. */
  get waiting(): string | undefined {
    return this.#waiting;
  }

  /**
   * Resolves once ticketing is sure to announce its tickets again.
   *
   * @throws whatever {@link RpcClient.call} throws, as when ticketing is away
   */
  async announceAgain(): Promise<void> {
    this.#waiting = 'the queue of events is gone: ticketing is to announce its tickets again first';
    const requestId = randomId();
    this.#latest = requestId;
    try {
      await this.#rpc.call('AnnounceTicketsAgain', {}, { timeoutMs, requestId, requestKey: requestId });
      if (this.#latest === requestId) this.#waiting = undefined;
    } catch (error) {
      if (this.#latest === requestId) this.#waiting += `, ${error instanceof Error ? error.message : String(error)}`;
      throw error;
    }
  }
}
