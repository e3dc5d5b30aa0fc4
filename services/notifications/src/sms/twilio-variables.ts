import { wholeNumber } from '@turno/shared';
import { z } from 'zod';
import { longestTimeoutMs } from './failures.ts';
import { phoneSender } from './phone-sender.ts';
import type { Mistake } from './provider-definition.ts';

const messagingService = z.string().regex(/^MG[0-9a-fA-F]{32}$/, 'MG and 32 hexadecimal digits are expected');

export const variables = {
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'AC and 32 hexadecimal digits are expected')
    .optional()
    .meta({ unset: 'required by `twilio`', description: 'the account' }),
  TWILIO_AUTH_TOKEN: z
    .string()
    .optional()
    .meta({ unset: 'required by `twilio`', description: 'its secret, which signs callbacks as well' }),
  TWILIO_MESSAGING_SERVICE_SID: messagingService
    .optional()
    .meta({ unset: 'or `TWILIO_FROM`', description: 'the service that the turn comes from' }),
  TWILIO_FROM: phoneSender
    .optional()
    .meta({ unset: 'or the service', description: 'who the turn comes from: a number, short code or name' }),
  TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID: messagingService
    .optional()
    .meta({ unset: "the turn's sender", description: 'the service that promotions come from' }),
  TWILIO_PROMOTIONS_FROM: phoneSender
    .optional()
    .meta({ unset: "the turn's sender", description: 'who promotions come from' }),
  TWILIO_VALIDITY_SECONDS: wholeNumber({ min: 1, max: 36_000 })
    .default(3_600)
    .describe('what Twilio could not send by then it does not send, 1 to 36,000: the useful life of a turn'),
  TWILIO_TIMEOUT_MS: wholeNumber({ min: 1, max: longestTimeoutMs })
    .default(10_000)
    .describe('how long an answer may take, 20,000 at most'),
};
type Variables = z.infer<z.ZodObject<typeof variables>>;

/** A service chooses the number by itself. */
export type Sender = { readonly messagingServiceSid: string } | { readonly from: string };

function senderOf(service: string | undefined, from: string | undefined): Sender | undefined {
  if (service !== undefined) return { messagingServiceSid: service };
  return from === undefined ? undefined : { from };
}

/** Who the turn and promotions come from; promotions come from the turn's sender where they have none. */
export function sendersIn(v: Variables): { readonly turn: Sender; readonly promotions: Sender | undefined } {
  return {
    turn: senderOf(v.TWILIO_MESSAGING_SERVICE_SID, v.TWILIO_FROM)!,
    promotions: senderOf(v.TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID, v.TWILIO_PROMOTIONS_FROM),
  };
}

/** Senders that contradict each other, or that would let a STOP to promotions silence the turn. */
export function mistakesIn(v: Variables): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (variable: keyof Variables, message: string) => mistakes.push({ variable, message });
  if (!sendersIn(v).turn) add('TWILIO_MESSAGING_SERVICE_SID', 'it or TWILIO_FROM is needed');
  if (v.TWILIO_MESSAGING_SERVICE_SID && v.TWILIO_FROM) {
    add('TWILIO_FROM', 'there is a TWILIO_MESSAGING_SERVICE_SID, which chooses the sender');
  }
  if (v.TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID && v.TWILIO_PROMOTIONS_FROM) {
    add('TWILIO_PROMOTIONS_FROM', 'there is a TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID, which chooses the sender');
  }
  const same = 'it is the sender of the turn, which a STOP to promotions would silence';
  if (v.TWILIO_PROMOTIONS_FROM && v.TWILIO_PROMOTIONS_FROM === v.TWILIO_FROM) add('TWILIO_PROMOTIONS_FROM', same);
  const service = v.TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID;
  if (service && service === v.TWILIO_MESSAGING_SERVICE_SID) add('TWILIO_PROMOTIONS_MESSAGING_SERVICE_SID', same);
  return mistakes;
}
