import { Repeatedly } from '@turno/shared';
import { eraseOldSmsUseCase, type EraseOldSmsDependencies } from '../domain/erase-old-sms.ts';

const hourMs = 3_600_000;

/** Erases what is over its retention, now and every hour; undefined when everything is to be kept. */
export function eraseOldMessages(
  retentionDays: number | 'forever',
  dependencies: Omit<EraseOldSmsDependencies, 'retentionDays'>,
): Repeatedly | undefined {
  if (retentionDays === 'forever') return undefined;
  const eraseOldSms = eraseOldSmsUseCase({ ...dependencies, retentionDays });
  const work = async (): Promise<number> => ((await eraseOldSms()) ? 0 : hourMs);
  return new Repeatedly({ everyMs: hourMs, work, what: 'erase old messages', logger: dependencies.logger });
}
