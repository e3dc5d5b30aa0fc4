export { notificationsConfig, type NotificationsConfig } from './config.ts';
export { InboxRepository, inboxModel, type InboxMessage } from './data-access/inbox-repository.ts';
export { notificationsModels } from './data-access/models.ts';
export {
  PromotionConsentRepository,
  promotionConsentModel,
  type KeptConsent,
} from './data-access/promotion-consent-repository.ts';
export { SmsErasure, type StoredSms } from './data-access/sms-erasure.ts';
export { smsRecordModel } from './data-access/sms-record-model.ts';
export { SmsRecordRepository } from './data-access/sms-record-repository.ts';
export { SmsRecordSearch, type SmsFilter } from './data-access/sms-record-search.ts';
export { resendSmsUseCase, type Resent } from './domain/resend-sms.ts';
export {
  isHeldBack,
  smsStates,
  type SmsEncoding,
  type SmsPurpose,
  type SmsRecord,
  type SmsState,
} from './domain/sms-record.ts';
export { askAccounts, type AskedAccount } from './sms/ask-accounts.ts';
export { providerVariables } from './sms/providers.ts';
export { startNotifications } from './start.ts';
