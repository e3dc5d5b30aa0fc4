import type { SmsProgress, SmsRecord } from './sms-record.ts';

/** How often an SMS is sent anew by itself, where the provider says that its failure may pass. */
const furtherAttemptsAtMost = 2;

export const mayBeTriedAgain = ({ attempt }: SmsRecord): boolean => attempt <= furtherAttemptsAtMost;

/**
 * The key under which the provider knows an attempt: the record's own for the first, `${key}.2` for the second. A provider
 * that recognises keys would take a further attempt under the old key for the message that failed.
 */
export function keyAtProvider({ key, attempt }: Pick<SmsRecord, 'key' | 'attempt'>): string {
  return attempt === 1 ? key : `${key}.${attempt}`;
}

/** The key of the promotions that follow a turn in an SMS of their own. */
export function keyOfPromotions(keyOfTurn: string): string {
  return `${keyOfTurn}.promotions`;
}

/** The record's key and the attempt that a key at the provider may stand for; undefined when it can only be a record's own. */
export function attemptBehind(keyAtTheProvider: string): Pick<SmsRecord, 'key' | 'attempt'> | undefined {
  const [, key, attempt] = /^(.+)\.([1-9]\d{0,5})$/.exec(keyAtTheProvider) ?? [];
  return key === undefined ? undefined : { key, attempt: Number(attempt) };
}

/** No message of this attempt is older at the provider. */
export function startOfAttempt({ createdAt, earlierAttempts = [] }: SmsRecord): Date {
  return earlierAttempts.at(-1)?.since ?? createdAt;
}

/** The next attempt, after one that ended as told. */
export function nextAttempt(
  { attempt, earlierAttempts = [] }: SmsRecord,
  ended: Pick<SmsRecord, 'state' | 'since' | 'providerId' | 'reason'>,
  to: Pick<SmsProgress, 'state' | 'since' | 'dueAt' | 'reason'>,
): SmsProgress & Pick<SmsRecord, 'attempt'> {
  const { state, since, providerId, reason } = ended;
  const end = { attempt, state, since, ...(providerId && { providerId }), ...(reason && { reason }) };
  return { ...to, attempt: attempt + 1, earlierAttempts: [...earlierAttempts, end] };
}
