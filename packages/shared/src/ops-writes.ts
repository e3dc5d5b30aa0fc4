import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why an operations server does not change anything for whoever asked. */
export interface RefusedWrite {
  readonly status: 401 | 403 | 415;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What stands before everything that changes something: no other site's page may ask for it, only who has the token may,
 * and the body is JSON, which a form cannot send.
 *
 * @param token of the operator; without one nothing may be changed
 */
export function refusedWrite({ headers }: IncomingMessage, token: string | undefined): RefusedWrite | undefined {
  if (!isOfThisSite(headers)) return { status: 403, message: 'A page of another site may not ask for this.' };
  if (token === undefined) {
    return { status: 403, message: 'Nothing can be changed here until the service is started with OPS_TOKEN set.' };
  }
  if (!isBearerOf(token, headers.authorization)) {
    const message = 'Authorization: Bearer with the value of OPS_TOKEN is wanted.';
    return { status: 401, message, headers: { 'www-authenticate': 'Bearer' } };
  }
  if (/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined;
  return { status: 415, message: 'A body of JSON is wanted: Content-Type: application/json.' };
}

/** Browsers say where a request comes from; other programs say nothing. */
function isOfThisSite({ host, origin, 'sec-fetch-site': site = 'none' }: IncomingMessage['headers']): boolean {
  if (site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Compares digests, which are equally long whatever was sent, in a time that tells nothing. */
function isBearerOf(token: string, authorization = ''): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
