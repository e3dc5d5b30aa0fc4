import { done, holdOff, retry, type Clock, type Logger, type Outcome } from '@turno/shared';
import type { SendResult, SmsProvider } from '../sms/sms-provider.ts';
import { keyAtProvider, nextAttempt } from './attempts.ts';
import type { MeasuredText } from './segments.ts';
import type { SmsProgress, SmsRecord, SmsRecords, SmsState } from './sms-record.ts';

export interface DeliverSmsDependencies {
  readonly records: SmsRecords;
  readonly provider: SmsProvider;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A call to the provider that is older than this is not under way any more: the provider has the SMS, or never will. */
export const sendingTakesAtMostMs = 30_000;

const stateAfter = {
  sent: 'SENT',
  away: 'QUEUED',
  transient: 'QUEUED',
  permanent: 'FAILED',
  ambiguous: 'UNKNOWN',
} as const satisfies Record<SendResult['kind'], SmsState>;

/** An SMS before anything was done about it. */
export type NewSms = Pick<SmsRecord, 'key' | 'ticketId' | 'requestId' | 'purpose' | 'to' | 'promotions'> & MeasuredText;
export type DeliverSms = (sms: NewSms) => Promise<Outcome>;

export interface SmsDelivery {
  /** As an event asks for it. */
  readonly deliver: DeliverSms;
  /** Goes on with a record from where it stopped. For the sweep of due messages, which holds the lease of the record. */
  readonly resume: (record: SmsRecord) => Promise<Outcome>;
}

const settled: ReadonlySet<SmsState> = new Set(['SENT', 'DELIVERED', 'FAILED']);

/**
 * Hands an SMS to the provider, at most once. The record is written before the provider is called and the result after, so
 * that a repeat, or an SMS whose first handling died half-way, finds out what was done already.
 */
export function deliverSmsUseCase({ records, provider, clock, logger }: DeliverSmsDependencies): SmsDelivery {
  return { deliver, resume };

  async function deliver(sms: NewSms): Promise<Outcome> {
    const now = clock();
    const record = await records.add({ ...sms, state: 'SENDING', since: now, createdAt: now, attempt: 1 });
    if (record) return send(record);
    const found = (await records.find(sms.key))!;
    // It is the sweep's: with the event at it too, one attempt might be sent by both.
    if (found.dueAt) return done;
    // What is queued was surely not sent: it goes as it is written now, without promotions after a STOP or in quiet hours.
    return resume(found.state === 'QUEUED' || found.erasedAt ? { ...found, ...sms } : found);
  }

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
    const { text, segments, encoding, erasedAt } = record;
    // What is erased stays so.
    const written = !erasedAt && { text, segments, encoding };
    const claim = { state: 'SENDING', since: clock(), ...written } as const;
    if (!(await records.advance(record, claim))) return retry('another instance took the message');
    return send({ ...record, ...claim });
  }

  /** The provider may have the SMS, or be about to get it. */
  async function findOut(record: SmsRecord): Promise<Outcome> {
    if (provider.recognisesKeys) return claimAndSend(record);
    if (record.state === 'UNKNOWN' && !provider.lookUp) return record.dueAt ? sendAnew(record) : done;
    if (clock().getTime() - record.since.getTime() < sendingTakesAtMostMs) return retry('the message is being sent');
    if (!provider.lookUp) return settle(record, { kind: 'ambiguous', reason: 'a crash while it was sent' });
    const found = await provider.lookUp(keyAtProvider(record));
    if (found === 'never-received') return claimAndSend(record);
    return settle(record, { kind: 'sent', providerId: found.providerId });
  }

  /** Nobody can tell whether the phone has it, and an operator wants it sent. */
  async function sendAnew(record: SmsRecord): Promise<Outcome> {
    const attempt = nextAttempt(record, record, { state: 'SENDING', since: clock() });
    if (!(await records.advance(record, attempt))) return retry('another instance took the message');
    return send({ ...record, ...attempt });
  }

  async function send(record: SmsRecord): Promise<Outcome> {
    const { ticketId, purpose, to, text } = record;
    const sms = { key: keyAtProvider(record), ticketId, purpose, to, text };
    const result = await provider.send(sms).catch((error: unknown): SendResult => ({
      kind: 'ambiguous',
      reason: error instanceof Error ? error.message : String(error),
    }));
    return settle(record, result);
  }

  async function settle(record: SmsRecord, result: SendResult): Promise<Outcome> {
    const { kind, ...known } = result;
    const state = stateAfter[kind];
    // The sweep comes again where it can find out; elsewhere an operator decides.
    const again = state === 'UNKNOWN' && (provider.recognisesKeys || provider.lookUp) ? record.dueAt : undefined;
    const to = { state, since: clock(), ...known, ...(again && { dueAt: again }) };
    if (!(await records.advance(record, to))) return settledByAnother(record, result);
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

  /** A callback or another instance was faster, and what it wrote is not for us to undo. */
  async function settledByAnother({ key, attempt }: SmsRecord, result: SendResult): Promise<Outcome> {
    const current = (await records.find(key))!;
    if (current.attempt > attempt) return done;
    if (!settled.has(current.state)) return retry('another instance settled the message');
    if (result.kind === 'sent' && !current.providerId) await name(current, result.providerId);
    return done;
  }

  /** Its callbacks may know it by the provider's id alone. */
  async function name({ state, since, reason, ...rest }: SmsRecord, providerId: string): Promise<void> {
    const to: SmsProgress = { state, since, providerId, ...(reason && { reason }) };
    await records.advance({ ...rest, state, since }, to);
  }
}
