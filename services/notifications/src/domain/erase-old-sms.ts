import type { Clock, Logger } from '@turno/shared';
import type { SmsRecords } from './sms-record.ts';

export interface EraseOldSmsDependencies {
  readonly records: Pick<SmsRecords, 'erase'>;
  /** Messages that were kept instead of sent. */
  readonly inbox: { erase(olderThan: Date, limit: number): Promise<number> };
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const dayMs = 86_400_000;
const batchSize = 500;

/** Erases phones and texts whose retention is over, a batch at a time. Says whether there may be more. */
export function eraseOldSmsUseCase({ records, inbox, retentionDays, clock, logger }: EraseOldSmsDependencies) {
  return async function eraseOldSms(): Promise<boolean> {
    const now = clock();
    const olderThan = new Date(now.getTime() - retentionDays * dayMs);
    const erased = await records.erase(olderThan, now, batchSize);
    const kept = await inbox.erase(olderThan, batchSize);
    if (erased + kept > 0) logger.info({ records: erased, inbox: kept }, 'erased SMS whose retention is over');
    return erased === batchSize || kept === batchSize;
  };
}
