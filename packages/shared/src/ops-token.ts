import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether a header `Authorization` brings the operator's token as programs do it. */
export function isBearerOf(token: string, authorization = ''): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return given !== undefined && isSame(given, token);
}

/** Whether it brings the token as browsers do it that were asked for a password; any user name will do. */
export function isPasswordOf(token: string, authorization = ''): boolean {
  const encoded = /^Basic +(\S+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return false;
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return password !== undefined && isSame(password, token);
}

/** Compares digests, which are equally long whatever was sent, in a time that tells nothing. */
function isSame(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
