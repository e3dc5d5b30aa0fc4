import type { Clock } from '@turno/shared';
import type { SmsDelivery } from './deliver-sms.ts';
import type { SmsRecord, SmsRecords } from './sms-record.ts';

export interface DeliverDueSmsDependencies {
  readonly records: SmsRecords;
  readonly resume: SmsDelivery['resume'];
  readonly clock: Clock;
}

/** @returns how many records it looked at, `limit` at most */
export type DeliverDueSms = (limit: number) => Promise<number>;

/** Longer than any call to a provider takes: who has not settled a record by then is dead. */
const leaseAtLeastMs = 60_000;
const leaseAtMostMs = 600_000;

/**
 * Sends the SMS that are due without an event behind them: later attempts, and what an operator wants sent. What does not
 * go out, or dies with its worker, is due again when its lease is over: a minute at first, ten for what is hours old.
 */
export function deliverDueSmsUseCase({ records, resume, clock }: DeliverDueSmsDependencies): DeliverDueSms {
  return async function deliverDueSms(limit) {
    const due = await records.findDue(clock(), limit);
    await Promise.all(due.map(take));
    return due.length;
  };

  async function take(record: SmsRecord): Promise<void> {
    const until = leaseEnd(record);
    if (await records.lease(record, until)) await resume({ ...record, dueAt: until });
  }

  function leaseEnd({ createdAt }: SmsRecord): Date {
    const now = clock().getTime();
    const tenthOfItsAge = (now - createdAt.getTime()) / 10;
    return new Date(now + Math.min(Math.max(tenthOfItsAge, leaseAtLeastMs), leaseAtMostMs));
  }
}
