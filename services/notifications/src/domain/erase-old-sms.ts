import type { Clock, Logger } from '@turno/shared';
import type { SmsRecords } from './sms-record.ts';

export interface EraseOldSmsDependencies {
  readonly records: SmsRecords;
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const dayMs = 86_400_000;
const batchSize = 500;

/** Erases phones and texts whose retention is over, a batch at a time. Says whether there may be more. */
export function eraseOldSmsUseCase({ records, retentionDays, clock, logger }: EraseOldSmsDependencies) {
  return async function eraseOldSms(): Promise<boolean> {
    const now = clock();
    const erased = await records.erase(new Date(now.getTime() - retentionDays * dayMs), now, batchSize);
    if (erased > 0) logger.info({ records: erased }, 'erased SMS records whose retention is over');
    return erased === batchSize;
  };
}
