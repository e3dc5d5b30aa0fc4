import type { Logger } from '@turno/shared';
import type { RequestHandler } from 'express';

/** One line for every answered request. */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.on('close', () => {
      const line = {
        request_id: response.locals['requestId'] as string,
        method: request.method,
        path: request.path,
        status: response.statusCode,
        ms: Math.round(performance.now() - start),
      };
      if (!response.writableFinished) logger.warn(line, 'the caller left before the answer');
      else if (response.statusCode === 503) logger.warn(line, 'answered');
      else if (response.statusCode >= 500) logger.error(line, 'answered');
      else logger.info(line, 'answered');
    });
    next();
  };
}
