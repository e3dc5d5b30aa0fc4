export { notificationsConfig, type NotificationsConfig } from './config.ts';
export { notificationsModels } from './data-access/models.ts';
export { startNotifications } from './start.ts';
