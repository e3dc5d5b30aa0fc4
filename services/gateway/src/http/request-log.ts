import { traceIdOf, type Logger, type Principal } from '@turno/shared';
import type { RequestHandler } from 'express';
import type { Caller } from './route.ts';

/** One line for every answered request. */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.on('close', () => {
      const { requestId, trace, principal } = response.locals as Partial<Caller>;
      const line = {
        request_id: requestId,
        trace_id: traceIdOf(trace),
        key_id: keyIdOf(principal),
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

/** Whether an API key is still in use is told by this. Of a customer nothing is told. */
function keyIdOf(principal: Principal | undefined): string | undefined {
  return principal?.kind === 'channel' ? principal.key_id : undefined;
}
