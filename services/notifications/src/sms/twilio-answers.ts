import type { Verdict } from './failures.ts';

/**
 * What Twilio's error codes mean for a message. Those that are our own set-up and no fault of the message keep all messages
 * waiting.
 *
 * @see https://www.twilio.com/docs/api/errors
 */
const codes: Readonly<Record<number, Verdict>> = {
  20003: ['away', 'the account or its token is not accepted'],
  20005: ['away', 'the account is not active'],
  20403: ['away', 'the account may not do this'],
  20404: ['away', 'there is no such account or sender'],
  20429: ['throttled', 'too many requests'],
  20500: ['ambiguous', 'an error inside Twilio'],
  20503: ['ambiguous', 'Twilio is not available'],
  21211: ['permanent', 'the number is not valid'],
  21212: ['permanent', 'the sender is not valid'],
  21408: ['permanent', 'SMS to this region are not enabled'],
  21603: ['away', 'there is no sender'],
  21606: ['permanent', 'the sender cannot send to this number'],
  21610: ['permanent', 'the phone has answered STOP'],
  21611: ['throttled', "the sender's queue is full"],
  21612: ['permanent', 'there is no way from this sender to this number'],
  21614: ['permanent', 'the number is no mobile phone'],
  21617: ['permanent', 'the text is too long'],
  21659: ['away', "the sender is no number of Twilio's, or of another country"],
  21660: ['away', "the sender is not this account's"],
  21703: ['away', 'the messaging service has no sender'],
  21704: ['away', 'the messaging service has no sender for SMS'],
  21705: ['away', 'there is no such messaging service'],
  30001: ['throttled', 'the queue is full'],
  30002: ['away', 'the account is suspended'],
  63038: ['throttled', "the account's messages of today are used up"],
};

/** What an error of Twilio's API means, by its code, else by the status. */
export function verdictOf(status: number, code: number | undefined): Verdict {
  const known = code === undefined ? undefined : codes[code];
  if (known) return known;
  if (status === 429) return ['throttled', 'too many requests'];
  if (status === 401 || status === 403 || status === 404) return ['away', 'the account is not accepted'];
  if (status >= 500 || status === 408) return ['ambiguous', 'an error inside Twilio'];
  return status >= 400 ? ['permanent', 'refused'] : ['ambiguous', 'no answer of its API'];
}

const halfAnHourMs = 1_800_000;
const fiveMinutesMs = 300_000;

/** Why a message that Twilio has taken did not arrive, by the ErrorCode of its callback; and when the same may. */
const undelivered: Readonly<Record<number, { readonly meaning: string; readonly tryAgainAfterMs?: number }>> = {
  30001: { meaning: 'the queue is full', tryAgainAfterMs: fiveMinutesMs },
  30002: { meaning: 'the account is suspended' },
  30003: { meaning: 'the phone cannot be reached', tryAgainAfterMs: halfAnHourMs },
  30004: { meaning: 'the message is blocked' },
  30005: { meaning: 'the number is not known' },
  30006: { meaning: 'a landline, or a network that cannot be reached' },
  30007: { meaning: 'filtered as spam' },
  30008: { meaning: 'the network does not say why', tryAgainAfterMs: halfAnHourMs },
  30036: { meaning: 'it was not sent while it was of use' },
};

/** Why a message did not arrive, in words, and how long to wait before the same may, where it may. */
export function notDelivered(code: number | undefined): { reason: string; tryAgainAfterMs?: number } {
  if (code === undefined) return { reason: 'Twilio does not say why' };
  const { meaning = 'not delivered', ...later } = undelivered[code] ?? {};
  return { reason: `${meaning} (Twilio ${code})`, ...later };
}
