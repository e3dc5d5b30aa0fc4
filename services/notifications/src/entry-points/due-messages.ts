import type { Logger } from '@turno/shared';
import type { DeliverDueSms } from '../domain/deliver-due-sms.ts';
import { Repeatedly } from './repeatedly.ts';

/** Handed to the provider at the same time. */
const batchSize = 20;

/** Sends what is due, looking every second. Safe in several instances: each message is leased by one of them. */
export function sweepDueMessages(deliverDueSms: DeliverDueSms, logger: Logger): Repeatedly {
  return new Repeatedly({
    everyMs: 1_000,
    work: async () => (await deliverDueSms(batchSize)) === batchSize,
    what: 'send what is due',
    logger,
  });
}
