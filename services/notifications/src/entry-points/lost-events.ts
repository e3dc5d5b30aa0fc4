import { randomId, type RpcClient, type TicketingRpc } from '@turno/shared';

/**
 * How long ticketing may take, in milliseconds: it looks through all tickets of a day. The request waits in the queue for a
 * ticketing that is away, and goes to another instance when the one that has it dies.
 */
const timeoutMs = 600_000;

/** Has ticketing make up for events that were lost with their queue. */
export class LostEvents {
  readonly #rpc: RpcClient<TicketingRpc>;
  #waiting: string | undefined;

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
    try {
      await this.#rpc.call('AnnounceTicketsAgain', {}, { timeoutMs, requestId, requestKey: requestId });
      this.#waiting = undefined;
    } catch (error) {
      this.#waiting += `, ${error instanceof Error ? error.message : String(error)}`;
      throw error;
    }
  }
}
