import { httpLimits } from '@turno/shared';
import type { RequestHandler } from 'express';
import { HttpError } from './error-to-http.ts';

/** No request of the API needs a tenth of it. */
const maxUrlLength = 4_096;

/** Refuses a request with too long a URL or too many headers. Their sizes in all the HTTP server has looked at. */
export const refuseOversized: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.length > maxUrlLength) throw new HttpError('URL_TOO_LONG');
  if (request.rawHeaders.length > 2 * httpLimits.maxHeaders) throw new HttpError('HEADERS_TOO_LARGE');
  next();
};
