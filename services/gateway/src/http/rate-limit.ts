import type { Principal } from '@turno/shared';
import type { RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit, type Options, type Store } from 'express-rate-limit';
import { HttpError } from './error-to-http.ts';

/** Whose requests are counted together. */
export const limitNames = ['address', 'key', 'customer'] as const;
export type LimitName = (typeof limitNames)[number];

/** How many requests each may send in a minute; 0 for no limit. */
export type RatesPerMinute = Readonly<Record<LimitName, number>>;

export interface RateLimitOptions {
  readonly perMinute: RatesPerMinute;
  /** Where requests are counted; without it each gateway counts for itself. */
  readonly storeFor?: ((limit: LimitName) => Store) | undefined;
  /** Is told of each request that was refused. */
  readonly onLimited?: (limit: LimitName) => void;
}

export interface RateLimits {
  /** Before authentication: guessing keys and tokens is limited too. */
  readonly ofAddress: RequestHandler;
  /** After it, by the principal: of an API key, of a customer. */
  readonly ofPrincipal: readonly RequestHandler[];
}

export const rateWindowMs = 60_000;
/** Whoever has IPv6 has a whole network of addresses. */
const ipv6Subnet = 56;

/** The addresses that count as one. */
export function networkOf(address: string): string {
  return ipKeyGenerator(address, ipv6Subnet);
}

/**
 * Limits how many requests an address, an API key and a customer may send. Every answer says in the headers of draft 8 how
 * much is left of each limit that counts the request, and one over a limit in `Retry-After` when to come again.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function rateLimits(options: RateLimitOptions): RateLimits {
  return {
    ofAddress: limitRate('address', options, { ipv6Subnet }),
    ofPrincipal: [
      limitRate(
        'key',
        options,
        byPrincipal((of) => (of.kind === 'channel' ? of.key_id : undefined)),
      ),
      limitRate(
        'customer',
        options,
        byPrincipal((of) => (of.kind === 'customer' ? of.customer_id : undefined)),
      ),
    ],
  };
}

function limitRate(
  name: LimitName,
  { perMinute, storeFor, onLimited }: RateLimitOptions,
  counted: Partial<Options>,
): RequestHandler {
  if (perMinute[name] === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs: rateWindowMs,
    limit: perMinute[name],
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    ...counted,
    ...(storeFor && { store: storeFor(name) }),
    handler: (_request, _response, next) => {
      onLimited?.(name);
      next(new HttpError('TOO_MANY_REQUESTS'));
    },
  });
}

/** Counts the requests of those principals that have a name of this kind. */
function byPrincipal(nameOf: (principal: Principal) => string | undefined): Partial<Options> {
  return {
    skip: (_request, response) => nameOf(principalOf(response)) === undefined,
    keyGenerator: (_request, response) => nameOf(principalOf(response))!,
  };
}

function principalOf({ locals }: Response): Principal {
  return (locals as { principal?: Principal }).principal ?? { kind: 'anonymous' };
}
