import { TurnoError } from '@turno/shared';

/** Why a caller was not taken for anybody. A label of a metric: callers cannot make up further ones. */
export const authFailures = {
  missing: undefined,
  malformed: 'What follows Bearer is no credential that is taken here.',
  api_key: 'The API key is not valid.',
  token_expired: 'The token has expired.',
  token_audience: 'The token is not meant for this API.',
  token_issuer: 'The token is from another issuer.',
  token_algorithm: 'The token is signed in a way that is not taken here.',
  token_signature: "The token's signature is not the issuer's.",
  token_claims: 'The token lacks a claim, or has one that is not valid.',
} as const;
export type AuthFailure = keyof typeof authFailures;

/** The request does not show who makes it. */
export class Unauthenticated extends Error {
  readonly reason: AuthFailure;
  /** Of an API key: no secret. */
  readonly keyId: string | undefined;

  constructor(reason: AuthFailure, { keyId, ...options }: ErrorOptions & { readonly keyId?: string } = {}) {
    super(`not authenticated: ${reason}`, options);
    this.reason = reason;
    this.keyId = keyId;
  }
}

/** Nobody can say now whether a credential is good: the API keys, or the issuer's, are not here. */
export class AuthenticationUnavailable extends TurnoError {
  readonly code = 'AUTHENTICATION_UNAVAILABLE';
  readonly retryable = true;
}

const realm = 'Bearer realm="turno"';

/**
 * The header WWW-Authenticate of a 401, or of a 403.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6750#section-3
 */
export function challengeFor(error: unknown): string {
  if (!(error instanceof Unauthenticated)) return `${realm}, error="insufficient_scope"`;
  const description = authFailures[error.reason];
  return description === undefined ? realm : `${realm}, error="invalid_token", error_description="${description}"`;
}
