import { done, holdOff, retry, type Clock, type Logger, type Outcome } from '@turno/shared';
import type { SendResult, SmsProvider } from '../sms/sms-provider.ts';
import type { SmsProviders } from '../sms/sms-providers.ts';
import type { SmsRecord, SmsRecords, SmsState } from './sms-record.ts';

export interface DeliverSmsDependencies {
  readonly records: SmsRecords;
  readonly providers: SmsProviders;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A call to the provider that is older than this is not under way any more: the provider has the SMS, or never will. */
const sendingTakesAtMostMs = 30_000;

const stateAfter = {
  sent: 'SENT',
  away: 'QUEUED',
  throttled: 'QUEUED',
  transient: 'QUEUED',
  permanent: 'FAILED',
  ambiguous: 'UNKNOWN',
} as const satisfies Record<SendResult['kind'], SmsState>;

/** An SMS before anything was done about it. */
export type NewSms = Omit<SmsRecord, 'state' | 'since' | 'createdAt' | 'provider' | 'providerId' | 'reason'>;
export type DeliverSms = (sms: NewSms) => Promise<Outcome>;

/** An attempt that is about to be made, or has been. */
interface Attempt {
  readonly record: SmsRecord;
  readonly provider: SmsProvider;
  /** Whether an earlier attempt may have reached the provider: then it is not to be sent by another, whatever this one says. */
  readonly mayHaveIt: boolean;
}

/**
 * Hands an SMS to a provider, at most once. The record is written before the provider is called and the result after, so
 * that a repeat, or an SMS whose first handling died half-way, finds out what was done already, and with whom.
 */
export function deliverSmsUseCase({ records, providers, clock, logger }: DeliverSmsDependencies): DeliverSms {
  return async function deliverSms(sms) {
    const now = clock();
    const provider = providers.choose();
    const record = await records.add({
      ...sms,
      state: 'SENDING',
      since: now,
      createdAt: now,
      provider: provider.name,
    });
    if (record) return send({ record, provider, mayHaveIt: false });
    return resume((await records.find(sms.key))!);
  };

  /** It was here before: goes on from where the record says it stopped. */
  async function resume(record: SmsRecord): Promise<Outcome> {
    switch (record.state) {
      case 'QUEUED':
        return claimAndSend({ record, provider: providers.choose(), mayHaveIt: false });
      case 'SENDING':
      case 'UNKNOWN':
        return findOut(record);
      case 'SENT':
      case 'DELIVERED':
      case 'FAILED':
        return done;
    }
  }

  async function claimAndSend({ record, provider, mayHaveIt }: Attempt): Promise<Outcome> {
    const claim = { state: 'SENDING', since: clock(), provider: provider.name } as const;
    if (!(await records.advance(record, claim))) return retry('another instance took the message');
    return send({ record: { ...record, ...claim }, provider, mayHaveIt });
  }

  /** A provider may have the SMS, or be about to get it: no other is asked, whatever has become of that one. */
  async function findOut(record: SmsRecord): Promise<Outcome> {
    const provider = providers.of(record.provider);
    if (provider?.recognisesKeys) return claimAndSend({ record, provider, mayHaveIt: true });
    if (record.state === 'UNKNOWN' && !provider?.lookUp) return done;
    if (clock().getTime() - record.since.getTime() < sendingTakesAtMostMs) return retry('the message is being sent');
    if (!provider?.lookUp) return giveUp(record);
    const found = await provider.lookUp(smsOf(record), record.createdAt);
    switch (found.kind) {
      case 'sent':
        return settle({ record, provider, mayHaveIt: true }, found);
      case 'never-received':
        return claimAndSend({ record, provider: providers.choose(), mayHaveIt: false });
      case 'away':
        return waitFor(provider, found.reason, found.retryAfterMs);
    }
  }

  async function giveUp(record: SmsRecord): Promise<Outcome> {
    const reason = 'a crash while it was sent';
    const isSettled = await records.advance(record, { state: 'UNKNOWN', since: clock(), reason });
    if (!isSettled) return retry('another instance settled the message');
    logger.error({ ...lineOf(record), reason }, 'the provider may have the SMS; it is not sent again');
    return done;
  }

  async function send(attempt: Attempt): Promise<Outcome> {
    const { record, provider } = attempt;
    const result = await provider.send(smsOf(record)).catch((error: unknown): SendResult => ({
      kind: 'ambiguous',
      reason: error instanceof Error ? error.message : String(error),
    }));
    providers.heard(provider, result);
    return settle(attempt, result);
  }

  /** Whoever finds that the record was moved on meanwhile looks again: what is there now is not for it to undo. */
  async function settle(attempt: Attempt, result: SendResult): Promise<Outcome> {
    const { record, provider, mayHaveIt } = attempt;
    const progress = progressAfter(result, mayHaveIt, clock());
    if (!(await records.advance(record, progress))) return retry('another instance settled the message');
    const line = { ...lineOf(record), ...(result.kind !== 'sent' && { reason: result.reason }) };
    switch (result.kind) {
      case 'sent':
        logger.info(line, 'SMS sent');
        return done;
      case 'away':
      case 'throttled':
        logger.warn(line, 'the provider takes no SMS at present');
        return goOn({ ...attempt, record: { ...record, ...progress } }, result);
      case 'transient':
        logger.warn(line, 'the provider did not take the SMS this time');
        return retry(result.reason);
      case 'permanent':
        logger.error(line, 'the provider will never take the SMS');
        return done;
      case 'ambiguous':
        if (provider.recognisesKeys || provider.lookUp) {
          logger.warn(line, 'the provider may have the SMS; the next delivery finds out');
          return retry(result.reason);
        }
        logger.error(line, 'the provider may have the SMS; it is not sent again');
        return done;
    }
  }

  /** The provider takes nothing now. Where another is to send, and may, it does so at once. */
  async function goOn({ record, provider, mayHaveIt }: Attempt, result: NotNow): Promise<Outcome> {
    const wait = result.kind === 'throttled' ? result.retryAfterMs : undefined;
    if (mayHaveIt) return waitFor(provider, result.reason, wait);
    const next = result.kind === 'away' ? providers.choose() : provider;
    return next === provider
      ? holdOff(result.reason, wait)
      : claimAndSend({ record, provider: next, mayHaveIt: false });
  }

  /**
   * Nothing goes on without this provider, which may have the SMS. Where it is out and another sends, its few events must not
   * stand before all the others: they count their deliveries then, and end where an operator sees them.
   */
  function waitFor(provider: SmsProvider, reason: string, atLeastMs: number | undefined): Outcome {
    return providers.isFirstOut && provider === providers.all[0] ? retry(reason) : holdOff(reason, atLeastMs);
  }
}

type NotNow = Extract<SendResult, { readonly kind: 'away' | 'throttled' }>;

function progressAfter(result: SendResult, mayHaveIt: boolean, since: Date) {
  const isNotTaken = result.kind === 'away' || result.kind === 'throttled' || result.kind === 'transient';
  const state = isNotTaken && mayHaveIt ? 'UNKNOWN' : stateAfter[result.kind];
  return { state, since, ...(result.kind === 'sent' ? { providerId: result.providerId } : { reason: result.reason }) };
}

function smsOf({ key, ticketId, purpose, to, text }: SmsRecord) {
  return { key, ticketId, purpose, to, text };
}

function lineOf({ requestId, ticketId, to, provider }: SmsRecord) {
  return { request_id: requestId, ticket_id: ticketId, to, provider };
}
