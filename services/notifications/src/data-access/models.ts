import type { Connection, Model } from 'mongoose';
import { inboxModel } from './inbox-repository.ts';
import { promotionConsentModel } from './promotion-consent-repository.ts';
import { smsRecordModel } from './sms-record-model.ts';

/** Every collection of notifications, for the migration and for the check at start. */
export function notificationsModels(connection: Connection): Model<never>[] {
  return [
    smsRecordModel(connection),
    promotionConsentModel(connection),
    inboxModel(connection),
  ] as unknown as Model<never>[];
}
