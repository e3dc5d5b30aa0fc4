import { done, holdOff, retry, type Clock, type Logger, type Outcome } from '@turno/shared';
import type { SendResult, SmsProvider } from '../sms/sms-provider.ts';
import type { SmsRecord, SmsRecords, SmsState } from './sms-record.ts';

export interface DeliverSmsDependencies {
  readonly records: SmsRecords;
  readonly provider: SmsProvider;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A call to the provider that is older than this is not under way any more: the provider has the SMS, or never will. */
const sendingTakesAtMostMs = 30_000;

const stateAfter = {
  sent: 'SENT',
  away: 'QUEUED',
  transient: 'QUEUED',
  permanent: 'FAILED',
  ambiguous: 'UNKNOWN',
} as const satisfies Record<SendResult['kind'], SmsState>;

/** An SMS before anything was done about it. */
export type NewSms = Omit<SmsRecord, 'state' | 'since' | 'createdAt' | 'providerId' | 'reason'>;
export type DeliverSms = (sms: NewSms) => Promise<Outcome>;

/**
 * Hands an SMS to the provider, at most once. The record is written before the provider is called and the result after, so
 * that a repeat, or an SMS whose first handling died half-way, finds out what was done already.
 */
export function deliverSmsUseCase({ records, provider, clock, logger }: DeliverSmsDependencies): DeliverSms {
  return async function deliverSms(sms) {
    const now = clock();
    const record = await records.add({ ...sms, state: 'SENDING', since: now, createdAt: now });
    if (record) return send(record);
    const found = (await records.find(sms.key))!;
    // What is queued was surely not sent: it goes as it is written now, without promotions after a STOP or in quiet hours.
    return resume(found.state === 'QUEUED' ? { ...found, ...sms } : found);
  };

  /** It was here before: goes on from where the record says it stopped. */
  async function resume(record: SmsRecord): Promise<Outcome> {
    switch (record.state) {
      case 'QUEUED':
        return claimAndSend(record);
      case 'SENDING':
      case 'UNKNOWN':
        return findOut(record);
      case 'SENT':
      case 'DELIVERED':
      case 'FAILED':
        return done;
    }
  }

  async function claimAndSend(record: SmsRecord): Promise<Outcome> {
    const { text, segments, encoding } = record;
    const claim = { state: 'SENDING', since: clock(), text, segments, encoding } as const;
    if (!(await records.advance(record, claim))) return retry('another instance took the message');
    return send({ ...record, ...claim });
  }

  /** The provider may have the SMS, or be about to get it. */
  async function findOut(record: SmsRecord): Promise<Outcome> {
    if (provider.recognisesKeys) return claimAndSend(record);
    if (record.state === 'UNKNOWN' && !provider.lookUp) return done;
    if (clock().getTime() - record.since.getTime() < sendingTakesAtMostMs) return retry('the message is being sent');
    if (!provider.lookUp) return settle(record, { kind: 'ambiguous', reason: 'a crash while it was sent' });
    const found = await provider.lookUp(record.key);
    if (found === 'never-received') return claimAndSend(record);
    return settle(record, { kind: 'sent', providerId: found.providerId });
  }

  async function send(record: SmsRecord): Promise<Outcome> {
    const { key, ticketId, purpose, to, text } = record;
    const sms = { key, ticketId, purpose, to, text };
    const result = await provider.send(sms).catch((error: unknown): SendResult => ({
      kind: 'ambiguous',
      reason: error instanceof Error ? error.message : String(error),
    }));
    return settle(record, result);
  }

  /** Whoever finds that the record was moved on meanwhile looks again: what is there now is not for it to undo. */
  async function settle(record: SmsRecord, result: SendResult): Promise<Outcome> {
    const { kind, ...known } = result;
    const to = { state: stateAfter[kind], since: clock(), ...known };
    if (!(await records.advance(record, to))) return retry('another instance settled the message');
    const line = { request_id: record.requestId, ticket_id: record.ticketId, to: record.to, provider: provider.name };
    switch (result.kind) {
      case 'sent':
        logger.info(line, 'SMS sent');
        return done;
      case 'away':
        logger.warn({ ...line, reason: result.reason }, 'the provider takes no SMS at present');
        return holdOff(result.reason);
      case 'transient':
        logger.warn({ ...line, reason: result.reason }, 'the provider did not take the SMS this time');
        return retry(result.reason);
      case 'permanent':
        logger.error({ ...line, reason: result.reason }, 'the provider will never take the SMS');
        return done;
      case 'ambiguous':
        if (provider.recognisesKeys || provider.lookUp) {
          logger.warn({ ...line, reason: result.reason }, 'the provider may have the SMS; the next delivery finds out');
          return retry(result.reason);
        }
        logger.error({ ...line, reason: result.reason }, 'the provider may have the SMS; it is not sent again');
        return done;
    }
  }
}
