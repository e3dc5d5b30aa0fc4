import { randomId, Repeatedly, TurnoError, type Logger, type RpcClient, type TicketingRpc } from '@turno/shared';
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
export function relayConsents(options: ConsentRelayOptions): Repeatedly {
  const { consents, ticketing, logger, sweepEveryMs = 1_000, pauseMs = 5_000 } = options;
  const what = 'tell ticketing who wants promotions';
  return new Repeatedly({ work: tellAll, everyMs: pauseMs, what, logger });

  async function tellAll(): Promise<number> {
    let isWell = true;
    for (const consent of await consents.untold(batchSize)) isWell = (await tell(consent)) && isWell;
    return isWell ? sweepEveryMs : pauseMs;
  }

  /**
   * @returns false when ticketing does not take it: the next one is told all the same
   * @throws TurnoError when ticketing is away
   */
  async function tell(consent: PromotionConsent): Promise<boolean> {
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
