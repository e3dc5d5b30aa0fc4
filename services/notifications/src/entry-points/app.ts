import { secureAnswer, withoutPersonal, type Logger } from '@turno/shared';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { inboxRoutes, type InboxParts } from './inbox-routes.ts';
import { providerCallbacks, type ProviderCallbacksOptions } from './provider-callbacks.ts';

export interface AppOptions {
  /** Undefined when another provider sends the SMS: then there is no inbox to look at. */
  readonly inbox: InboxParts | undefined;
  readonly callbacks: Omit<ProviderCallbacksOptions, 'logger'>;
  readonly logger: Logger;
}

/** The server on which notifications is spoken to: callbacks of the providers, the development inbox. */
export function createApp({ inbox, callbacks, logger }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    secureAnswer(response);
    next();
  });
  app.use(providerCallbacks({ ...callbacks, logger }));
  if (inbox) app.use(inboxRoutes(inbox));
  app.use((_request, response) => {
    response.status(404).json({ message: 'Path not found.' });
  });
  app.use(answerError(logger));
  return app;
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const status = refusedWith(error);
    if (status && !response.headersSent)
      return void response.status(status).json({ message: 'The request is refused.' });
    logger.error({ err: error, path: withoutPersonal(request.path) }, 'a request failed');
    if (response.headersSent) return next(error);
    response.status(500).json({ message: 'The request failed, the log has it.' });
  };
}

/** The status with which Express refuses a request by itself: too large a body, a path that cannot be decoded. */
function refusedWith(error: unknown): number | undefined {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
