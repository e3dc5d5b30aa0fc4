import type { Request, RequestHandler } from 'express';
import { HttpError } from './error-to-http.ts';

/** HTTP/1.1 wants a host that is one (RFC 9112, section 3.2). Links to this gateway are made with it. */
export const refuseBadHost: RequestHandler = (request, _response, next) => {
  if (!ownAddress(request)) throw new HttpError('MALFORMED_REQUEST');
  next();
};

/** Where the caller has reached this gateway, undefined when the request does not tell. */
export function ownAddress(request: Request): URL | undefined {
  const { host } = request.headers;
  const address = `${request.protocol}://${host ?? ''}/`;
  // The parser of URLs would find a user, a path or a query in it, and a host has none.
  const isHost = host !== undefined && host !== '' && !/[/?#@\\\s]/.test(host);
  return isHost && URL.canParse(address) ? new URL(address) : undefined;
}
