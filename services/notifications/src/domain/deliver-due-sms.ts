import type { Clock, Outcome } from '@turno/shared';
import { startOfAttempt } from './attempts.ts';
import type { SmsDelivery } from './deliver-sms.ts';
import type { SmsRecord, SmsRecords } from './sms-record.ts';

export interface DeliverDueSmsDependencies {
  readonly records: SmsRecords;
  readonly resume: SmsDelivery['resume'];
  readonly clock: Clock;
}

export type DeliverDueSms = (limit: number) => Promise<Swept>;

export interface Swept {
  /** So many were due, `limit` at most. */
  readonly due: number;
  /** The provider takes nothing at present: there is no point in going on with the next ones. */
  readonly isHeldOff: boolean;
}

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
    const outcomes = await Promise.all(due.map(take));
    return { due: due.length, isHeldOff: outcomes.some((outcome) => outcome?.kind === 'hold-off') };
  };

  async function take(record: SmsRecord): Promise<Outcome | undefined> {
    const until = leaseEnd(record);
    return (await records.lease(record, until)) ? resume({ ...record, dueAt: until }) : undefined;
  }

  function leaseEnd(record: SmsRecord): Date {
    const now = clock().getTime();
    const tenthOfItsAge = (now - startOfAttempt(record).getTime()) / 10;
    return new Date(now + Math.min(Math.max(tenthOfItsAge, leaseAtLeastMs), leaseAtMostMs));
  }
}
