import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { OpsRefusal } from './ops-refusal.ts';

export interface WriteRules {
  /** What whoever changes something must send; undefined lets nobody. */
  readonly token: string | undefined;
  /** Who would have to be started with `OPS_TOKEN`: `notifications`. */
  readonly service: string;
}

/**
 * What stands before everything that changes something on an operations server: no other site's page may ask for it, only who
 * has the token may, and the body is JSON, which a form cannot send.
 *
 * @throws OpsRefusal that says what is wanted
 */
export function assertMayWrite(sent: IncomingHttpHeaders, { token, service }: WriteRules): void {
  if (!isOwnSite(sent)) throw new OpsRefusal(403, 'A page of another site may not ask for this.');
  if (token === undefined) {
    throw new OpsRefusal(403, `Nothing can be changed here until ${service} is started with OPS_TOKEN set.`);
  }
  if (!hasToken(sent, token)) {
    throw new OpsRefusal(401, 'Authorization: Bearer with the value of OPS_TOKEN is wanted.', {
      'www-authenticate': 'Bearer',
    });
  }
  if (!/^application\/json\s*(;|$)/i.test(sent['content-type'] ?? '')) {
    throw new OpsRefusal(415, 'A body of JSON is wanted: Content-Type: application/json.');
  }
}

/** Whether no other site's page has sent this: browsers say where a request comes from, other programs say nothing. */
export function isOwnSite({ host, origin, 'sec-fetch-site': site = 'none' }: IncomingHttpHeaders): boolean {
  if (site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Compares digests, which are equally long whatever was sent, in a time that tells nothing. */
function hasToken({ authorization = '' }: IncomingHttpHeaders, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
