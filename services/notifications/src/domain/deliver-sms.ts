import { done, holdOff, retry, traceIdOf, type Clock, type Logger, type Outcome } from '@turno/shared';
import type { SendResult, SmsProvider } from '../sms/sms-provider.ts';
import type { SmsProviders } from '../sms/sms-providers.ts';
import { keyAtProvider, nextAttempt, startOfAttempt } from './attempts.ts';
import type { MeasuredText } from './segments.ts';
import type { PromotionRules } from './promotion-rules.ts';
import type { SmsDestinations } from './sms-destinations.ts';
import { canFindOut, progressAfter } from './sms-progress.ts';
import {
  noLongerWanted,
  type HeldBackReason,
  type SmsProgress,
  type SmsRecord,
  type SmsRecords,
  type SmsState,
} from './sms-record.ts';

export interface DeliverSmsDependencies {
  readonly records: SmsRecords;
  readonly providers: SmsProviders;
  readonly rules: Pick<PromotionRules, 'allow'>;
  /** Without any, SMS go anywhere. */
  readonly destinations?: SmsDestinations;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A call to the provider that is older than this is not under way any more: the provider has the SMS, or never will. */
export const sendingTakesAtMostMs = 30_000;

/** An SMS before anything was done about it. */
export type NewSms = Pick<
  SmsRecord,
  'key' | 'ticketId' | 'requestId' | 'trace' | 'askedAt' | 'purpose' | 'to' | 'withoutPromotions' | 'promotions'
> &
  MeasuredText;
export type DeliverSms = (sms: NewSms) => Promise<Outcome>;

export interface SmsDelivery {
  /** As an event asks for it. */
  readonly deliver: DeliverSms;
  /** Goes on with a record from where it stopped. For the sweep of due messages, which holds the lease of the record. */
  readonly resume: (record: SmsRecord) => Promise<Outcome>;
}

/** A call to a provider that is about to be made, or has been. */
interface Call {
  readonly record: SmsRecord;
  readonly provider: SmsProvider;
  /** Whether an earlier call may have reached the provider: then no other is to send it, whatever this one says. */
  readonly mayHaveIt: boolean;
}

type NotNow = Extract<SendResult, { readonly kind: 'away' | 'throttled' }>;

const settled: ReadonlySet<SmsState> = new Set(['SENT', 'DELIVERED', 'FAILED']);

/**
 * Hands an SMS to a provider, at most once. The record is written before the provider is called and the result after, so
 * that a repeat, or an SMS whose first handling died half-way, finds out what was done already, and with whom.
 */
export function deliverSmsUseCase(dependencies: DeliverSmsDependencies): SmsDelivery {
  const { records, providers, rules, destinations, clock, logger } = dependencies;
  return { deliver, resume };

  async function deliver(sms: NewSms): Promise<Outcome> {
    const now = clock();
    const provider = providers.choose();
    const begun = { state: 'SENDING', since: now, createdAt: now, attempt: 1, provider: provider.name } as const;
    const add = (reason?: HeldBackReason) =>
      records.add({ ...sms, ...begun, ...(reason && { state: 'FAILED', reason }) });
    const record = await (destinations ? destinations.enter(sms.to, add) : add());
    // Nothing is lost: an operator sees it, and may send it all the same.
    if (record?.reason) logger.warn({ ...lineOf(record), reason: record.reason }, 'the SMS is held back');
    if (record) return record.reason ? done : send({ record, provider, mayHaveIt: false });
    const found = (await records.find(sms.key))!;
    // It is the sweep's: with the event at it too, one attempt might be sent by both.
    if (found.dueAt) return done;
    // What is queued was surely not sent: it goes as it is written now.
    return resume(found.state === 'QUEUED' || found.erasedAt ? { ...found, ...sms } : { ...found, ...traceOf(sms) });
  }

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

  async function claimAndSend({ record: found, provider, mayHaveIt }: Call): Promise<Outcome> {
    // What the provider may have is repeated to the letter.
    const record = mayHaveIt ? found : await asWantedNow(found);
    if (!record) return drop(found);
    const { text, segments, encoding, erasedAt } = record;
    // What is erased stays so.
    const written = !erasedAt && { text, segments, encoding };
    const claim = { state: 'SENDING', since: clock(), provider: provider.name, ...written } as const;
    if (!(await records.advance(record, claim))) return retry('another instance took the message');
    return send({ record: { ...record, ...claim }, provider, mayHaveIt });
  }

  /** Promotions are left out after a STOP or in quiet hours; undefined where nothing is left then. */
  async function asWantedNow(record: SmsRecord): Promise<SmsRecord | undefined> {
    const { purpose, withoutPromotions, to } = record;
    if ((purpose === 'turn' && !withoutPromotions) || (await rules.allow(to))) return record;
    return purpose === 'turn' ? { ...record, ...withoutPromotions } : undefined;
  }

  async function drop(record: SmsRecord): Promise<Outcome> {
    const isDropped = await records.advance(record, { state: 'FAILED', since: clock(), reason: noLongerWanted });
    return isDropped ? done : retry('another instance took the message');
  }

  /** A provider may have the SMS, or be about to get it: no other is asked, whatever has become of that one. */
  async function findOut(record: SmsRecord): Promise<Outcome> {
    const provider = providers.of(record.provider);
    if (provider?.recognisesKeys) return claimAndSend({ record, provider, mayHaveIt: true });
    if (record.state === 'UNKNOWN' && !provider?.lookUp) return record.dueAt ? sendAnew(record) : done;
    if (clock().getTime() - record.since.getTime() < sendingTakesAtMostMs) return retry('the message is being sent');
    if (!provider?.lookUp) return giveUp(record);
    const earlier = (record.earlierAttempts ?? []).flatMap(({ providerId }) => providerId ?? []);
    const found = await provider.lookUp(smsOf(record), startOfAttempt(record), earlier);
    switch (found.kind) {
      case 'sent':
        return settle({ record, provider, mayHaveIt: true }, found);
      case 'never-received':
        return claimAndSend({ record, provider: providers.choose(), mayHaveIt: false });
      case 'away':
        return waitFor(provider, found.reason, found.retryAfterMs);
    }
  }

  /** Nobody can tell whether the phone has it, and an operator wants it sent. */
  async function sendAnew(found: SmsRecord): Promise<Outcome> {
    const record = await asWantedNow(found);
    if (!record) return drop(found);
    const provider = providers.choose();
    const { text, segments, encoding } = record;
    const next = nextAttempt(record, record, { state: 'SENDING', since: clock() });
    const attempt = { ...next, provider: provider.name, text, segments, encoding };
    if (!(await records.advance(record, attempt))) return retry('another instance took the message');
    return send({ record: { ...record, ...attempt }, provider, mayHaveIt: false });
  }

  async function giveUp(record: SmsRecord): Promise<Outcome> {
    const result = { kind: 'ambiguous', reason: 'a crash while it was sent' } as const;
    const isSettled = await records.advance(record, { state: 'UNKNOWN', since: clock(), reason: result.reason });
    if (!isSettled) return settledByAnother(record, result);
    logger.error({ ...lineOf(record), reason: result.reason }, 'the provider may have the SMS; it is not sent again');
    return done;
  }

  async function send(call: Call): Promise<Outcome> {
    const { record, provider } = call;
    const result = await provider.send(smsOf(record)).catch((error: unknown): SendResult => ({
      kind: 'ambiguous',
      reason: error instanceof Error ? error.message : String(error),
    }));
    providers.heard(provider, result);
    return settle(call, result);
  }

  async function settle(call: Call, result: SendResult): Promise<Outcome> {
    const { record, provider } = call;
    const progress = progressAfter(result, call, clock());
    if (!(await records.advance(record, progress))) return settledByAnother(record, result);
    const line = { ...lineOf(record), ...(result.kind !== 'sent' && { reason: result.reason }) };
    switch (result.kind) {
      case 'sent':
        logger.info(line, 'SMS sent');
        return done;
      case 'away':
      case 'throttled':
        logger.warn(line, 'the provider takes no SMS at present');
        return goOn({ ...call, record: { ...record, ...progress } }, result);
      case 'transient':
        logger.warn(line, 'the provider did not take the SMS this time');
        return retry(result.reason);
      case 'permanent':
        logger.error(line, 'the provider will never take the SMS');
        return done;
      case 'ambiguous':
        if (canFindOut(provider)) {
          logger.warn(line, 'the provider may have the SMS; the next delivery finds out');
          return retry(result.reason);
        }
        logger.error(line, 'the provider may have the SMS; it is not sent again');
        return done;
    }
  }

  /** A callback or another instance was faster, and what it wrote is not for us to undo. */
  async function settledByAnother({ key, attempt }: SmsRecord, result: SendResult): Promise<Outcome> {
    const current = (await records.find(key))!;
    if (current.attempt > attempt) return done;
    if (result.kind === 'sent' && current.state === 'UNKNOWN') {
      await records.advance(current, { state: 'SENT', since: clock(), providerId: result.providerId });
      return done;
    }
    if (!settled.has(current.state)) return retry('another instance settled the message');
    if (result.kind === 'sent' && !current.providerId && !current.erasedAt) await name(current, result.providerId);
    return done;
  }

  /** Its callbacks may know it by the provider's id alone. */
  async function name({ state, since, reason, ...rest }: SmsRecord, providerId: string): Promise<void> {
    const to: SmsProgress = { state, since, providerId, ...(reason && { reason }) };
    await records.advance({ ...rest, state, since }, to);
  }

  /** The provider takes nothing now. Where another is to send, and may, it does so at once. */
  async function goOn({ record, provider, mayHaveIt }: Call, result: NotNow): Promise<Outcome> {
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

/** A further delivery of the event has a place of its own in the trace. */
function traceOf({ trace }: NewSms) {
  return trace && { trace };
}

function smsOf(record: SmsRecord) {
  const { ticketId, purpose, to, text, trace } = record;
  return { key: keyAtProvider(record), ticketId, purpose, to, text, ...(trace && { trace }) };
}

function lineOf({ requestId, trace, ticketId, to, provider }: SmsRecord) {
  return { request_id: requestId, trace_id: traceIdOf(trace), ticket_id: ticketId, to, provider };
}
