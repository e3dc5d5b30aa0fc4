import type { RequestHandler } from 'express';

/**
 * Ends a request whose caller has torn the connection away before it was looked at. It has no address any more, also where
 * Node.js has yet to hear of it, and the limit by address takes that for a defect of ours: an error in the log and in the
 * metrics that any caller could make.
 */
export const dropTornAway: RequestHandler = (request, response, next) => {
  if (request.socket.remoteAddress === undefined) response.destroy();
  else next();
};
