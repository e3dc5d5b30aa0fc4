import type { RequestHandler } from 'express';

/**
 * Refuses what another site's page sends through a developer's browser: by what browsers say of a request's origin, which a
 * page cannot forge. Programs that are no browsers say nothing of it and pass.
 */
export const refuseOtherSites: RequestHandler = (request, response, next) => {
  const site = request.get('Sec-Fetch-Site');
  const origin = request.get('Origin');
  const isOwn =
    (site === undefined || site === 'same-origin' || site === 'none') && isOwnOrigin(origin, request.get('Host'));
  if (isOwn) return next();
  response.status(403).json({ message: 'Only the inbox page itself may do this.' });
};

function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Refuses what a form could send: no page can send JSON to another site without asking that site first. */
export const requireJson: RequestHandler = (request, response, next) => {
  if (request.is('application/json') === 'application/json') return next();
  response.status(415).json({ message: 'The body must be JSON, with Content-Type: application/json.' });
};
