import type { IncomingMessage } from 'node:http';
import { isBearerOf, isPasswordOf } from './ops-token.ts';
import { isDrawnIn, isLoopback, isPrivateName } from './this-site.ts';

export interface OpsAccess {
  /** Where the server listens. */
  readonly host: string;
  readonly token: string | undefined;
}

export interface RefusedRead {
  readonly status: 401 | 403;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What stands before all that an operations server tells beside its health and its metrics. On loopback whoever is on the machine
 * may read, but no page that is not of this server. Anywhere else the token is wanted: by programs as a bearer's, by browsers as the
 * password that they ask for.
 */
export function refusedRead({ headers }: IncomingMessage, { host, token }: OpsAccess): RefusedRead | undefined {
  if (isDrawnIn(headers)) return { status: 403, message: 'A page of another site may not ask for this.' };
  if (isLoopback(host)) {
    if (isPrivateName(headers)) return undefined;
    return { status: 403, message: 'Ask by the address, 127.0.0.1: this name may be that of another site.' };
  }
  if (token === undefined) {
    return {
      status: 403,
      message: 'Only /livez, /readyz and /metrics answer here until the service is started with OPS_TOKEN set.',
    };
  }
  const { authorization } = headers;
  if (isBearerOf(token, authorization) || isPasswordOf(token, authorization)) return undefined;
  // A page that brings the wrong token says so itself; asked for a password, the browser would open a dialogue over it.
  const isOfProgram = /^Bearer\b/i.test(authorization ?? '');
  const challenge = isOfProgram ? 'Bearer' : 'Basic realm="Turno, password: OPS_TOKEN", charset="UTF-8"';
  const message = 'The value of OPS_TOKEN is wanted, as a bearer token or as the password.';
  return { status: 401, message, headers: { 'www-authenticate': challenge } };
}
