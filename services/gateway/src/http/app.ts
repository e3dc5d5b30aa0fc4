import { Overloaded, Refusal, secureAnswer, traceIdOf, type Logger, type Telemetry } from '@turno/shared';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import { challengeFor } from '../auth/unauthenticated.ts';
import type { TicketingClient } from '../ticketing-client.ts';
import { decodablePath } from './decodable-path.ts';
import { errorPages } from './error-pages.ts';
import { errorToHttp, HttpError } from './error-to-http.ts';
import { inTurn, under } from './in-turn.ts';
import { ownAddress, refuseBadHost } from './own-address.ts';
import { refuseOversized } from './oversized.ts';
import type { RateLimits } from './rate-limit.ts';
import type { LoadShedding } from './load-shedding.ts';
import { requestId } from './request-id.ts';
import { requestTelemetry } from './request-telemetry.ts';
import { requestLog } from './request-log.ts';
import { apiReference } from './api-reference.ts';
import type { Caller } from './route.ts';
import { routes } from './routes.ts';
import { serveRoutes } from './router.ts';
import { dropTornAway } from './torn-away.ts';

export interface AppOptions {
  readonly ticketing: TicketingClient;
  readonly shedding: LoadShedding;
  /** Finds out who makes a request. */
  readonly authentication: RequestHandler;
  /** Where `more_info` points to; undefined for the pages of this gateway. */
  readonly errorPagesUrl: string | undefined;
  readonly rates: RateLimits;
  /** How many proxies stand before the gateway. */
  readonly trustedProxies: number;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** The public API. */
export function createApp({ ticketing, shedding, errorPagesUrl, telemetry, logger, ...options }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustedProxies);
  const { ofAddress, ofPrincipal } = options.rates;
  app.use(
    inTurn(
      dropTornAway,
      secure,
      requestId,
      requestTelemetry(telemetry),
      requestLog(logger),
      refuseOversized,
      refuseBadHost(),
      decodablePath,
      // The API only: a page of the documentation waits for nobody, and the one that a 503 points to must open just then.
      under('/customer', inTurn(ofAddress, shedding.handler, options.authentication, ...ofPrincipal)),
    ),
  );
  app.use(serveRoutes(routes, ticketing), apiReference(), errorPages());
  app.use(() => {
    throw new HttpError('PATH_NOT_FOUND');
  });
  app.use(answerError(ticketing, errorPagesUrl, logger));
  return app;
}

const secure: RequestHandler = (_request, response, next) => {
  secureAnswer(response);
  next();
};

function answerError(
  ticketing: TicketingClient,
  errorPagesUrl: string | undefined,
  logger: Logger,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    // Express closes a connection whose answer had begun already.
    if (response.headersSent) return next(error);
    const { status, message, code } = errorToHttp(error);
    const { requestId: id, trace } = response.locals as Caller;
    const line = { request_id: id, trace_id: traceIdOf(trace) };
    if (status === 500) logger.error({ ...line, err: error }, 'a request failed');
    // What is shed is counted, and logged in sum.
    else if (status === 503 && !(error instanceof Overloaded))
      logger.warn({ ...line, reason: (error as Error).message }, 'a request could not be served now');
    if (status === 503 || status === 409) response.set('Retry-After', String(ticketing.retryAfterSeconds));
    if (status === 401 || status === 403) response.set('WWW-Authenticate', challengeFor(error));
    const pages = errorPagesUrl ?? ownErrorPages(request);
    if (error instanceof Refusal && error.retryAfterSeconds !== undefined)
      response.set('Retry-After', String(error.retryAfterSeconds));
    response.status(status).json({ message, code, more_info: new URL(code, pages).href });
  };
}

function ownErrorPages(request: Request): string {
  return new URL('/docs/errors/', ownAddress(request) ?? 'http://localhost').href;
}
