// Every provider there is. Adding one is its file and a line here.
export { inbox } from './inbox.ts';
export { sns } from './sns.ts';
export { twilio } from './twilio.ts';
export { vonage } from './vonage.ts';
export { webhook } from './webhook.ts';
