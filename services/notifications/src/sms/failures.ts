import type { AccountState, SendResult } from './sms-provider.ts';

/** A result other than "sent", before its reason is worded: the kind, and what it means in a few words. */
export type Verdict = readonly [Exclude<SendResult['kind'], 'sent'>, string];

/** Failures before anything was sent: no address, no connection. */
const notReached = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** A certificate that is not to be trusted: the connection ends before the request. */
const noTrust = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_ALTNAME_INVALID$)/;
/**
 * No TLS there, or a server that agrees to none of ours. Other errors of TLS, such as a record that is bad or an end that is not
 * expected, may come after the request.
 */
const noHandshake =
  /^ERR_SSL_(WRONG_VERSION_NUMBER|.*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY|NO_APPLICATION_PROTOCOL)|TLSV1_(ALERT_)?UNRECOGNIZED_NAME)$/;

/** How SDKs, fetch and Node.js name a time that has run out, or the signal that says so. */
const timeouts = new Set(['TimeoutError', 'AbortError', 'ABORT_ERR', 'ECONNABORTED', 'ETIMEDOUT']);

/**
 * What a request that got no answer means. The reason names the kind of failure only: messages of SDKs may hold addresses,
 * phones and credentials.
 */
export function withoutAnswer(who: string, error: unknown, timeoutMs: number): SendResult {
  const code = codeOf(error);
  if (notReached.has(code) || noTrust.test(code) || noHandshake.test(code))
    return { kind: 'away', reason: `${who} could not be reached: ${code}` };
  if (timeouts.has(code)) return { kind: 'ambiguous', reason: `${who} did not answer within ${timeoutMs} ms` };
  return { kind: 'ambiguous', reason: `${who} broke off: ${code}` };
}

/**
 * The code of an error or of what caused it, else its name. Of its message no more than a code that is known: some SDKs wrap
 * what they caught and keep its text alone.
 */
function codeOf(error: unknown): string {
  const { code, name, message, cause } = (error ?? {}) as Record<string, unknown>;
  if (typeof code === 'string') return code;
  if (cause) return codeOf(cause);
  const words = typeof message === 'string' ? message.split(/[^A-Z_]+/) : [];
  const known = words.find((word) => notReached.has(word));
  return known ?? (typeof name === 'string' ? name : 'something that is no error');
}

/** Milliseconds from a Retry-After header, which is in seconds or a date; undefined where it says nothing. */
export function retryAfterMs(header: unknown, now: Date): number | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/**
 * How long a provider may take at most, in milliseconds, by configuration: with {@link longestWaitMs} less than the 30 s after
 * which a call counts as over.
 */
export const longestTimeoutMs = 20_000;

/** What it says of our account that asking for it failed so: what could not be reached or throttles says nothing of it. */
export function accountStateOf(result: SendResult): AccountState {
  if (result.kind === 'sent') return { kind: 'good', saw: 'it answers' };
  const isAway =
    result.kind === 'ambiguous' || result.kind === 'throttled' || result.reason.includes('could not be reached');
  return { kind: isAway ? 'away' : 'refused', saw: result.reason };
}
