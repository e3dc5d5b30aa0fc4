import type { RequestHandler } from 'express';

/**
 * A part of a path that does not decode stands for itself: it names nothing, and its route says so. Express would answer
 * before any route could, whatever the method.
 */
export const decodablePath: RequestHandler = (request, _response, next) => {
  if (!request.url.includes('%')) return next();
  const [path = '', ...query] = request.url.split('?');
  const parts = path.split('/').map((part) => (decodes(part) ? part : part.replaceAll('%', '%25')));
  request.url = [parts.join('/'), ...query].join('?');
  next();
};

function decodes(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
