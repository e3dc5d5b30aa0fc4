const stop = new Set([
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
  'ALTO',
  'BAJA',
  'PARAR',
]);
const start = new Set(['START', 'UNSTOP', 'ALTA']);

/**
 * What an answer from a phone says of promotions: false for STOP, true for START, undefined for anything else. One word alone,
 * as networks have it: "please stop" is talk.
 *
 * @see https://help.twilio.com/articles/223134027 the English words; the Spanish ones are usual in the operators' own texts
 */
export function consentIn(text: string): boolean | undefined {
  const word = text
    .trim()
    .toUpperCase()
    .replace(/[.!]+$/, '');
  if (stop.has(word)) return false;
  return start.has(word) ? true : undefined;
}
