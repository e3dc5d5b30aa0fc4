import type { RequestHandler } from 'express';

/**
 * Ends a request whose caller has torn the connection away before it was looked at. It has no address any more, which the
 * limit by address takes for a defect of ours: an error in the log and in the metrics that any caller could make.
 */
export const dropTornAway: RequestHandler = (request, response, next) => {
  if (request.socket.destroyed) response.destroy();
  else next();
};
