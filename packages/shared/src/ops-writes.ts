import type { IncomingMessage } from 'node:http';
import { isBearerOf } from './ops-token.ts';
import { isJson, isOfThisSite } from './this-site.ts';

/** Why an operations server does not change anything for whoever asked. */
export interface RefusedWrite {
  readonly status: 401 | 403 | 415;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What stands before everything that changes something: no other site's page may ask for it, only who has the token may,
 * and the body is JSON, which a form cannot send. A password that the browser remembers is no token: it would go along with
 * whatever a page makes the browser send.
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
  if (isJson(headers)) return undefined;
  return { status: 415, message: 'A body of JSON is wanted: Content-Type: application/json.' };
}
