import type { Request, RequestHandler } from 'express';
import { HttpError } from './error-to-http.ts';

/** HTTP/1.1 wants a host that is one (RFC 9112, section 3.2). Links to this gateway are made with it. */
export function refuseBadHost(): RequestHandler {
  // Nearly all callers know the gateway by one name, and parsing it takes longer than all else here.
  let lastGood: string | undefined;
  return (request, _response, next) => {
    const { host } = request.headers;
    if (host === undefined || (host !== lastGood && !isHost(host))) throw new HttpError('MALFORMED_REQUEST');
    lastGood = host;
    next();
  };
}

/** Where the caller has reached this gateway, undefined when the request does not tell. */
export function ownAddress(request: Request): URL | undefined {
  const { host } = request.headers;
  const address = `${request.protocol}://${host ?? ''}/`;
  return host !== undefined && isHost(host) && URL.canParse(address) ? new URL(address) : undefined;
}

/** The parser of URLs would find a user, a path or a query in it, and a host has none. */
function isHost(host: string): boolean {
  return host !== '' && !/[/?#@\\\s]/.test(host) && URL.canParse(`http://${host}/`);
}
