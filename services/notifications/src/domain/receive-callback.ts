import { setTimeout as pause } from 'node:timers/promises';
import { traceIdOf, withoutPersonal, type Clock, type Logger } from '@turno/shared';
import type { Callback, DeliveryCallback } from '../sms/sms-provider.ts';
import { attemptBehind, mayBeTriedAgain, nextAttempt } from './attempts.ts';
import type { PromotionConsents } from './promotion-consent.ts';
import type { SmsProgress, SmsRecord, SmsRecords, SmsState } from './sms-record.ts';

export interface ReceiveCallbackDependencies {
  readonly records: SmsRecords;
  readonly consents: PromotionConsents;
  readonly clock: Clock;
  readonly logger: Logger;
}
/** What a callback is about. */
interface Attempt {
  readonly record: SmsRecord;
  readonly attempt: number;
}

/** @param from the provider that calls back; undefined where that does not matter */
export type ReceiveCallback = (callback: Callback, from?: string) => Promise<void>;

/** How far each state is; a callback moves a record forward only, since callbacks come late, twice and out of order. */
const stage = { QUEUED: 0, SENDING: 1, UNKNOWN: 1, SENT: 2, DELIVERED: 3, FAILED: 3 } as const satisfies Record<
  SmsState,
  number
>;

/** Takes in what the provider tells on its own: what became of an SMS, or that a phone wants promotions no more. */
export function receiveCallbackUseCase({
  records,
  consents,
  clock,
  logger,
}: ReceiveCallbackDependencies): ReceiveCallback {
  return async function receiveCallback(callback, from) {
    if (callback.kind === 'delivery') return advance(callback, from);
    const { phone, allowed, at } = callback;
    const now = clock();
    // A provider's clock may be ahead, and a word of tomorrow would stand over those of today.
    await consents.keep({ phone, allowed, since: at && at < now ? at : now });
    logger.info({ phone, allowed }, 'a phone has decided on promotions');
  };

  async function advance(callback: DeliveryCallback, from: string | undefined): Promise<void> {
    for (;;) {
      const meant = await attemptOf(callback);
      const { key, providerId: provider_id, state, reason } = callback;
      if (!meant) return logger.warn({ key, provider_id, state }, 'a callback about an SMS that is not known');
      if (isOfAnother(meant.record, from))
        return logger.warn({ key, provider: from }, 'a callback about an SMS of another');
      const to = progress(meant, callback);
      if (!to) return;
      if (!(await records.advance(meant.record, to))) continue;
      const { requestId, trace, ticketId } = meant.record;
      const why = reason && withoutPersonal(reason);
      return logger.info(
        { request_id: requestId, trace_id: traceIdOf(trace), ticket_id: ticketId, state, reason: why },
        'a callback moved an SMS on',
      );
    }
  }

  /** Where the record moves; undefined when the callback is a repeat, or came after a later one. */
  function progress({ record, attempt }: Attempt, callback: DeliveryCallback): SmsProgress | undefined {
    if (stage[record.state] >= stage[callback.state] && attempt >= record.attempt) return undefined;
    // Of an earlier attempt one thing still counts: that it has arrived after all.
    if (attempt < record.attempt && (callback.state !== 'DELIVERED' || record.state === 'DELIVERED')) return undefined;
    const { state, providerId, reason, tryAgainAfterMs } = callback;
    const since = clock();
    // Nothing comes back into what is erased.
    if (record.erasedAt) return { state, since };
    const to = { state, since, ...(providerId && { providerId }), ...(reason && { reason }) };
    if (state !== 'FAILED' || tryAgainAfterMs === undefined || !mayBeTriedAgain(record)) return to;
    const ended = { ...(record.providerId && { providerId: record.providerId }), ...to };
    const dueAt = new Date(since.getTime() + tryAgainAfterMs);
    return nextAttempt(record, ended, { state: 'QUEUED', since, dueAt, ...(reason && { reason }) });
  }

  async function attemptOf({ key, providerId }: DeliveryCallback): Promise<Attempt | undefined> {
    if (key !== undefined) return attemptByKey(key);
    return providerId === undefined ? undefined : attemptByProviderId(providerId);
  }

  async function attemptByKey(key: string): Promise<Attempt | undefined> {
    const first = await records.find(key);
    if (first) return { record: first, attempt: 1 };
    const behind = attemptBehind(key);
    const record = behind && (await records.find(behind.key));
    return record && { record, attempt: behind.attempt };
  }

  /** A callback may come before the provider's answer, from which its id is known, has been written down. */
  async function attemptByProviderId(providerId: string): Promise<Attempt | undefined> {
    for (const ms of [50, 200, 1_000, 0]) {
      const record = await records.findByProviderId(providerId);
      if (record) return { record, attempt: record.attempt };
      await pause(ms);
    }
    return undefined;
  }
}

function isOfAnother({ provider }: SmsRecord, from: string | undefined): boolean {
  return from !== undefined && provider !== undefined && provider !== from;
}
