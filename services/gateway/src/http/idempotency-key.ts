import { randomId } from '@turno/shared';
import type { Request } from 'express';
import { HttpError } from './error-to-http.ts';

const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/**
 * The key under which a request is created once: the caller's Idempotency-Key, plain or quoted, or one of our own, which
 * makes a redelivered message safe to repeat.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function requestKeyOf(request: Request): string {
  const header = request.get('idempotency-key');
  if (header === undefined) return `own:${randomId(24)}`;
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (!visibleAscii.test(key)) throw new HttpError('INVALID_IDEMPOTENCY_KEY');
  return `caller:${key}`;
}
