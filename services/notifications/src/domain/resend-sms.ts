import type { Clock } from '@turno/shared';
import { nextAttempt } from './attempts.ts';
import { sendingTakesAtMostMs } from './deliver-sms.ts';
import { isHeldBack, type SmsProgress, type SmsRecord, type SmsRecords } from './sms-record.ts';

export interface ResendSmsDependencies {
  readonly records: SmsRecords;
  readonly clock: Clock;
}

export interface ResendOptions {
  /** Also one that the provider or the phone has. */
  readonly again?: boolean;
  /** Also one that was held back. */
  readonly pastLimits?: boolean;
}

/** What came of an operator's wish to have an SMS sent. */
export type Resent =
  | { readonly kind: 'due' }
  /** It was to be sent anyway. */
  | { readonly kind: 'due-already' }
  | { readonly kind: 'not-found' }
  /** Its retention is over: there is neither phone nor text. */
  | { readonly kind: 'erased' }
  | { readonly kind: 'being-sent' }
  /** It was not to go there, and nobody said that it is to all the same. */
  | { readonly kind: 'held-back' }
  /** It would be a second one for the phone, and nobody said that this is meant. */
  | { readonly kind: 'sent-already' };

/**
 * Has an SMS sent that stays behind, by the sweep of due messages. One that FAILED gets a new attempt. Of one that is UNKNOWN,
 * or was left SENDING by a crash, the sweep first finds out whether the provider has it.
 */
export function resendSmsUseCase({ records, clock }: ResendSmsDependencies) {
  return async function resendSms(key: string, options: ResendOptions = {}): Promise<Resent> {
    for (;;) {
      const record = await records.find(key);
      if (!record) return { kind: 'not-found' };
      const next = nextStep(record, options);
      if ('kind' in next) return next;
      if (await records.advance(record, next)) return { kind: 'due' };
    }
  };

  function nextStep(record: SmsRecord, { again = false, pastLimits = false }: ResendOptions): SmsProgress | Resent {
    if (record.erasedAt) return { kind: 'erased' };
    if (record.dueAt) return { kind: 'due-already' };
    const now = clock();
    const { state, since, reason } = record;
    switch (state) {
      case 'SENT':
      case 'DELIVERED':
        return again ? anew(record, now) : { kind: 'sent-already' };
      case 'FAILED':
        return isHeldBack(record) && !pastLimits ? { kind: 'held-back' } : anew(record, now);
      case 'SENDING':
        if (now.getTime() - since.getTime() < sendingTakesAtMostMs) return { kind: 'being-sent' };
        return { state, since, dueAt: now };
      case 'QUEUED':
      case 'UNKNOWN':
        return { state, since, dueAt: now, ...(reason && { reason }) };
    }
  }
}

function anew(record: SmsRecord, now: Date): SmsProgress {
  return nextAttempt(record, record, {
    state: 'QUEUED',
    since: now,
    dueAt: now,
    reason: 'an operator wants it sent',
  });
}

export type ResendSms = ReturnType<typeof resendSmsUseCase>;
