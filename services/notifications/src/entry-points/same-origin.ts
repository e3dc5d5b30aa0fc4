import { isDrawnIn, isJson, isOfThisSite, isPrivateName } from '@turno/shared';
import type { RequestHandler } from 'express';

/**
 * Refuses what another site's page sends through a developer's browser: by what browsers say of a request's origin, which a
 * page cannot forge. Programs that are no browsers say nothing of it and pass.
 */
export const refuseOtherSites: RequestHandler = (request, response, next) => {
  if (isOfThisSite(request.headers)) return next();
  response.status(403).json({ message: 'Only the inbox page itself may do this.' });
};

/**
 * Refuses to show messages to a page of another site, be it that it draws them in or that its name leads to this machine.
 * Whoever looks from another machine does so by its address.
 */
export const refuseOtherReaders: RequestHandler = ({ headers }, response, next) => {
  if (isPrivateName(headers) && !isDrawnIn(headers)) return next();
  response.status(403).json({ message: 'The inbox is shown at the address of its machine, such as 127.0.0.1, alone.' });
};

/** Refuses what a form could send. */
export const requireJson: RequestHandler = (request, response, next) => {
  if (isJson(request.headers)) return next();
  response.status(415).json({ message: 'The body must be JSON, with Content-Type: application/json.' });
};
