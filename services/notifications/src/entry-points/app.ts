import type { Logger } from '@turno/shared';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { inboxRoutes, type InboxParts } from './inbox-routes.ts';

export interface AppOptions {
  /** Undefined when another provider sends the SMS: then there is no inbox to look at. */
  readonly inbox: InboxParts | undefined;
  readonly logger: Logger;
}

/** The server on which notifications is spoken to: the development inbox. */
export function createApp({ inbox, logger }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  if (inbox) app.use(inboxRoutes(inbox));
  app.use((_request, response) => {
    response.status(404).json({ message: 'Path not found.' });
  });
  app.use(answerError(logger));
  return app;
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    logger.error({ err: error, path: request.path }, 'a request failed');
    if (response.headersSent) return next(error);
    response.status(500).json({ message: 'The request failed, the log has it.' });
  };
}
