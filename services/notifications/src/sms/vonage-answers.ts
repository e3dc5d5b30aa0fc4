import type { Verdict } from './failures.ts';

const ours: Verdict = ['away', 'the account is not accepted'];

/**
 * What the statuses of Vonage's Messages API mean for a message. The numbers in its error addresses are no help: they are
 * another list for requests than for what becomes of a message.
 *
 * @see https://developer.vonage.com/en/api/messages
 */
const statuses: Readonly<Record<number, Verdict>> = {
  401: ours,
  402: ['away', 'the account has no credit'],
  403: ours,
  404: ours,
  408: ['ambiguous', 'an error inside Vonage'],
  429: ['throttled', 'too many requests'],
};
/** Titles of a 422 that are about our set-up. */
const setUp = new Set(['Invalid sender', 'Unsupported channel']);

/** What an error of the Messages API means, by its status and the title that it has in words. */
export function verdictOf(status: number, title: unknown): Verdict {
  const known = statuses[status];
  if (known) return known;
  if (status >= 500) return ['ambiguous', 'an error inside Vonage'];
  if (setUp.has(String(title))) return ['away', 'the sender is not accepted'];
  return status >= 400
    ? ['permanent', 'the number, or another parameter, is not valid']
    : ['ambiguous', 'no answer of its API'];
}

const halfAnHourMs = 1_800_000;
const fiveMinutesMs = 300_000;

/**
 * Why a message that Vonage has taken did not arrive, by the number in its callback; and when the same may.
 *
 * @see https://developer.vonage.com/en/api-errors/messages
 */
const undelivered: Readonly<Record<number, { readonly meaning: string; readonly tryAgainAfterMs?: number }>> = {
  1000: { meaning: 'too many messages', tryAgainAfterMs: fiveMinutesMs },
  1020: { meaning: 'a parameter is not valid' },
  1030: { meaning: 'an error inside Vonage', tryAgainAfterMs: fiveMinutesMs },
  1040: { meaning: 'the number is not known' },
  1050: { meaning: 'the number is barred' },
  1060: { meaning: 'the account is barred' },
  1070: { meaning: 'the account has no credit' },
  1090: { meaning: 'the text is too long' },
  1120: { meaning: 'the sender is not accepted' },
  1160: { meaning: 'the number is not on the list of those that may be sent to' },
  1170: { meaning: 'the number is not valid' },
  1180: { meaning: 'the phone cannot be reached', tryAgainAfterMs: halfAnHourMs },
  1190: { meaning: 'the phone is not in use any more' },
  1200: { meaning: 'the phone takes no SMS' },
  1220: { meaning: 'filtered as spam' },
  1230: { meaning: 'the phone is busy', tryAgainAfterMs: halfAnHourMs },
  1240: { meaning: 'the phone has opted out, or the number is not valid' },
};

/** Why a message did not arrive, in words, and how long to wait before the same may, where it may. */
export function notDelivered(code: number | undefined): { reason: string; tryAgainAfterMs?: number } {
  if (code === undefined) return { reason: 'Vonage does not say why' };
  const { meaning = 'not delivered', ...later } = undelivered[code] ?? {};
  return { reason: `${meaning} (Vonage ${code})`, ...later };
}
