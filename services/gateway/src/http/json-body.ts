import { isUtf8 } from 'node:buffer';
import { json, type Request, type RequestHandler } from 'express';
import { HttpError } from './error-to-http.ts';

const maxBodySize = '16kb';

/** Not left to the parser, which lets a body of another type pass, unread. Without a body there is no type to look at. */
const refuseOtherMediaTypes: RequestHandler = (request, _response, next) => {
  const isOther = request.is('application/json') === false || (charsetOf(request) ?? 'utf-8') !== 'utf-8';
  if (isOther) throw new HttpError('UNSUPPORTED_MEDIA_TYPE');
  next();
};

/** The parser would take UTF-7, UTF-16 and UTF-32 too; JSON that leaves a closed system is in UTF-8 (RFC 8259, 8.1). */
function charsetOf(request: Request): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(request.get('content-type') ?? '')?.[1]?.toLowerCase();
}

/**
 * The parser would take a body of no length for an empty object, and put replacement characters where bytes are no UTF-8:
 * a channel would be kept that nobody has sent.
 */
function refuseWhatIsNoText(_request: unknown, _response: unknown, body: Buffer): void {
  if (body.length === 0 || !isUtf8(body)) throw new HttpError('INVALID_BODY');
}

/** Reads a body of JSON into `request.body`, which is undefined when there is none. */
export const jsonBody: readonly RequestHandler[] = [
  refuseOtherMediaTypes,
  json({ type: () => true, limit: maxBodySize, verify: refuseWhatIsNoText }),
];
