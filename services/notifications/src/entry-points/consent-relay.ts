import { randomId, TurnoError, type Logger, type RpcClient, type TicketingRpc } from '@turno/shared';
import type { PromotionConsent, UntoldConsents } from '../domain/promotion-consent.ts';

export interface ConsentRelayOptions {
  readonly consents: UntoldConsents;
  readonly ticketing: RpcClient<TicketingRpc>;
  readonly logger: Logger;
  /** How often to look for a STOP or START that ticketing does not have yet, in milliseconds. */
  readonly sweepEveryMs?: number;
  /** How long to leave ticketing alone after it could not be told, in milliseconds. */
  readonly pauseMs?: number;
}

const batchSize = 100;
const timeoutMs = 5_000;

/**
 * Tells ticketing, whose customer directory is to have it, what phones have said of promotions. What it could not be told
 * stays untold and is told later. Any number of instances may tell the same: it is told with the moment at which it was
 * said, and ticketing keeps the newest.
 */
export class ConsentRelay {
  readonly #options: ConsentRelayOptions;
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: ConsentRelayOptions) {
    this.#options = options;
  }

  /** Sweeps now, for what the last stop left, and from then on regularly. */
  start(): void {
    this.#sweeping = this.#sweepAndComeAgain();
  }

  /** Resolves once nothing is under way; a call that is, ends when the client of ticketing is closed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
  }

  async #sweepAndComeAgain(): Promise<void> {
    const { sweepEveryMs = 1_000, pauseMs = 5_000 } = this.#options;
    const isWell = await this.#sweep();
    if (!this.#stopping) this.#timer = setTimeout(() => this.start(), isWell ? sweepEveryMs : pauseMs);
  }

  /** @returns false when something could not be told */
  async #sweep(): Promise<boolean> {
    const { consents, logger } = this.#options;
    try {
      const untold = await consents.untold(batchSize);
      let isWell = true;
      for (const consent of untold) {
        if (this.#stopping) return true;
        isWell = (await this.#tell(consent)) && isWell;
      }
      return isWell;
    } catch (error) {
      logger.warn({ err: error }, 'ticketing is to be told who wants promotions; it will be later');
      return false;
    }
  }

  /**
   * @returns false when ticketing does not take it: the next one is told all the same
   * @throws TurnoError when ticketing is away
   */
  async #tell(consent: PromotionConsent): Promise<boolean> {
    const { consents, ticketing, logger } = this.#options;
    const { phone, allowed, since } = consent;
    const requestId = randomId();
    const call = { timeoutMs, requestId, requestKey: requestId };
    try {
      await ticketing.call('DecidePromotions', { phone, allowed, since: since.toISOString() }, call);
    } catch (error) {
      if (!(error instanceof TurnoError) || error.retryable) throw error;
      logger.error(
        { err: error, phone, request_id: requestId },
        'ticketing does not take what a phone said of promotions',
      );
      return false;
    }
    await consents.markTold(consent);
    return true;
  }
}
