import type { Clock, Logger } from '@turno/shared';
import type { Callback, DeliveryCallback } from '../sms/sms-provider.ts';
import type { PromotionConsents } from './promotion-consent.ts';
import type { SmsRecord, SmsRecords, SmsState } from './sms-record.ts';

export interface ReceiveCallbackDependencies {
  readonly records: SmsRecords;
  readonly consents: PromotionConsents;
  readonly clock: Clock;
  readonly logger: Logger;
}
export type ReceiveCallback = (callback: Callback) => Promise<void>;

/** How far each state is; a callback moves a record forward only, since callbacks come late, twice and out of order. */
const stage = { QUEUED: 0, SENDING: 1, UNKNOWN: 1, SENT: 2, DELIVERED: 3, FAILED: 3 } as const satisfies Record<
  SmsState,
  number
>;

/** Takes in what the provider tells on its own: what became of an SMS, or that a phone wants promotions no more. */
export function receiveCallbackUseCase({
  records,
  consents,
  clock,
  logger,
}: ReceiveCallbackDependencies): ReceiveCallback {
  return async function receiveCallback(callback) {
    if (callback.kind === 'delivery') return advance(callback);
    await consents.keep({ phone: callback.phone, allowed: callback.allowed, since: clock() });
    logger.info({ phone: callback.phone, allowed: callback.allowed }, 'a phone has decided on promotions');
  };

  async function advance(callback: DeliveryCallback): Promise<void> {
    for (;;) {
      const record = await recordOf(callback);
      if (!record) return logger.warn({ callback }, 'a callback about an SMS that is not known');
      if (stage[record.state] >= stage[callback.state]) return;
      const { state, providerId, reason } = callback;
      const to = { state, since: clock(), ...(providerId && { providerId }), ...(reason && { reason }) };
      if (await records.advance(record, to)) return;
    }
  }

  async function recordOf({ key, providerId }: DeliveryCallback): Promise<SmsRecord | undefined> {
    if (key !== undefined) return records.find(key);
    return providerId === undefined ? undefined : records.findByProviderId(providerId);
  }
}
