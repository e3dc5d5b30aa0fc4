import { field, type Principal } from '@turno/shared';
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { AuthenticationUnavailable, Unauthenticated, type AuthFailure } from './unauthenticated.ts';

export interface TokensOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly clockToleranceSeconds: number;
  /** The claim that has the customer's id. */
  readonly customerClaim: string;
  readonly keyFor: JWTVerifyGetKey;
}

/** The tokens that an OpenID Connect issuer gives customers. */
export class Tokens {
  readonly #options: TokensOptions;

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /**
   * @throws Unauthenticated when it is no token that holds
   * @throws AuthenticationUnavailable when the issuer's key for it cannot be had
   */
  async principalOf(token: string): Promise<Principal> {
    const { issuer, audience, algorithms, clockToleranceSeconds, customerClaim, keyFor } = this.#options;
    try {
      const { payload } = await jwtVerify(token, keyFor, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', customerClaim],
      });
      const customer = field.customerId.safeParse(payload[customerClaim]);
      if (!customer.success) throw new Unauthenticated('token_claims');
      return { kind: 'customer', customer_id: customer.data };
    } catch (error) {
      if (error instanceof Unauthenticated || error instanceof AuthenticationUnavailable) throw error;
      throw new Unauthenticated(reasonOf(error), { cause: error });
    }
  }
}

const ofClaims: Readonly<Record<string, AuthFailure>> = { aud: 'token_audience', iss: 'token_issuer' };

function reasonOf(error: unknown): AuthFailure {
  if (error instanceof errors.JWTExpired) return 'token_expired';
  if (error instanceof errors.JWTClaimValidationFailed) return ofClaims[error.claim] ?? 'token_claims';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'token_algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'token_signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'token_signature';
  }
  return 'malformed';
}
