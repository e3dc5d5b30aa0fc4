import { Repeatedly, type Logger } from '@turno/shared';
import type { DeliverDueSms } from '../domain/deliver-due-sms.ts';

/** Handed to the provider at the same time. */
const batchSize = 20;
const everyMs = 1_000;
/** How long nothing is tried once the provider takes nothing. */
const holdOffMs = 10_000;

/** Sends what is due, looking every second. Safe in several instances: each message is leased by one of them. */
export function sweepDueMessages(deliverDueSms: DeliverDueSms, logger: Logger): Repeatedly {
  const work = async (): Promise<number> => {
    const { due, isHeldOff } = await deliverDueSms(batchSize);
    if (isHeldOff) return holdOffMs;
    return due === batchSize ? 0 : everyMs;
  };
  return new Repeatedly({ everyMs, work, what: 'send what is due', logger });
}
