import { z } from 'zod';

/**
 * How far an SMS has come. Within an attempt it moves forward only.
 * QUEUED: to be sent. SENDING: handed to the provider, its answer is not here yet. UNKNOWN: its answer does not say
 * whether it has the SMS; the next delivery of the event finds out, or an operator where the provider cannot tell.
 * SENT: the provider has it. DELIVERED: the phone has it. FAILED: it will never arrive. These two are final.
 */
export const smsState = z.enum(['QUEUED', 'SENDING', 'UNKNOWN', 'SENT', 'DELIVERED', 'FAILED']);
export type SmsState = z.infer<typeof smsState>;
