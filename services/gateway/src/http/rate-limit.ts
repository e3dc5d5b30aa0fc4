import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { HttpError } from './error-to-http.ts';

/**
 * Limits how many requests a caller's address may send. Every answer says in the headers of draft 8 how much is left, and
 * one over the limit in `Retry-After` when to come again. Each gateway counts for itself.
 *
 * @param perMinute 0 for no limit
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function limitRate(perMinute: number): RequestHandler {
  if (perMinute === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Whoever has IPv6 has a whole network of addresses.
    ipv6Subnet: 56,
    handler: (_request, _response, next) => next(new HttpError('TOO_MANY_REQUESTS')),
  });
}
