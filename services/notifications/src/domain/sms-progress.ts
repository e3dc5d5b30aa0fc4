import type { SendResult, SmsProvider } from '../sms/sms-provider.ts';
import type { SmsProgress, SmsRecord, SmsState } from './sms-record.ts';

const stateAfter = {
  sent: 'SENT',
  away: 'QUEUED',
  throttled: 'QUEUED',
  transient: 'QUEUED',
  permanent: 'FAILED',
  ambiguous: 'UNKNOWN',
} as const satisfies Record<SendResult['kind'], SmsState>;

/** Where a record stands once its provider has said something. What that provider may have is never QUEUED for another. */
export function progressAfter(
  result: SendResult,
  call: { readonly record: SmsRecord; readonly provider: SmsProvider; readonly mayHaveIt: boolean },
  since: Date,
): SmsProgress {
  const usual = stateAfter[result.kind];
  const state = usual === 'QUEUED' && call.mayHaveIt ? 'UNKNOWN' : usual;
  // The sweep comes again where it can find out; elsewhere an operator decides.
  const dueAt = state === 'UNKNOWN' && canFindOut(call.provider) ? call.record.dueAt : undefined;
  const known =
    result.kind === 'sent'
      ? { providerId: result.providerId, handedOverAt: call.record.handedOverAt ?? since }
      : { reason: result.reason };
  return { state, since, ...known, ...(dueAt && { dueAt }) };
}

/** Whether what became of an unclear call can be found out without an operator. */
export function canFindOut(provider: SmsProvider): boolean {
  return provider.recognisesKeys === true || typeof provider.lookUp === 'function';
}
