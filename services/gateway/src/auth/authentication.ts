import { traceIdOf, type Logger, type Metrics, type Principal } from '@turno/shared';
import type { Request, RequestHandler } from 'express';
import type { Caller } from '../http/route.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Tokens } from './tokens.ts';
import { authFailures, Unauthenticated, type AuthFailure } from './unauthenticated.ts';

export interface AuthenticationOptions {
  /** Undefined where API keys are not taken; so with tokens. Where neither is, callers are anonymous. */
  readonly apiKeys?: Pick<ApiKeys, 'principalOf'> | undefined;
  readonly tokens?: Pick<Tokens, 'principalOf'> | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const anonymous: Principal = { kind: 'anonymous' };

/** Finds out who makes a request, from its header Authorization, before its path, parameters and body are looked at. */
export function authentication({ apiKeys, tokens, metrics, logger }: AuthenticationOptions): RequestHandler {
  if (!apiKeys && !tokens) return allAreAnonymous;
  const failures = countFailures(metrics);
  return async (request, response, next) => {
    try {
      response.locals['principal'] = await principalOf(credentialOf(request), apiKeys, tokens);
    } catch (error) {
      if (error instanceof Unauthenticated) {
        const { requestId, trace } = response.locals as Caller;
        const { reason, keyId } = error;
        failures.inc({ reason });
        const line = { request_id: requestId, trace_id: traceIdOf(trace), reason, key_id: keyId };
        logger.info(line, 'a caller was not authenticated');
      }
      throw error;
    }
    next();
  };
}

/** AUTH=none. */
export const allAreAnonymous: RequestHandler = (_request, response, next) => {
  response.locals['principal'] = anonymous;
  next();
};

/** A credential says by its beginning what it is. */
function principalOf(
  credential: string,
  apiKeys: AuthenticationOptions['apiKeys'],
  tokens: AuthenticationOptions['tokens'],
): Principal | Promise<Principal> {
  if (apiKeys && (credential.startsWith('turno_') || !tokens)) return apiKeys.principalOf(credential);
  if (tokens && !credential.startsWith('turno_')) return tokens.principalOf(credential);
  throw new Unauthenticated('malformed');
}

/** What follows Bearer. A request with another scheme shows nothing that anybody here could look at. */
function credentialOf({ headers: { authorization } }: Request): string {
  const [, credential] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (credential !== undefined) return credential;
  throw new Unauthenticated(/^Bearer\b/i.test(authorization ?? '') ? 'malformed' : 'missing');
}

function countFailures(metrics: Metrics) {
  const failures = metrics.counters(
    'turno_authentication_failures_total',
    'Requests that were answered 401, by what was wrong with their credential',
    ['reason'],
  );
  // From the start: a series that begins with its first failure has no increase.
  for (const reason of Object.keys(authFailures) as AuthFailure[]) failures.inc({ reason }, 0);
  return failures;
}
