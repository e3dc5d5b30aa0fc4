import type { NextFunction, RequestHandler } from 'express';

/**
 * Several handlers as one. Express' router makes a dozen objects for each that a request comes past: one for every handler by
 * itself was a quarter of all that a request left to the garbage collector.
 */
export function inTurn(...handlers: readonly RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    let at = 0;
    const goOn = (error?: unknown): void => {
      const handler = handlers[at++];
      if (error === undefined && handler) attempt(() => handler(request, response, goOn), next);
      else next(error);
    };
    goOn();
  };
}

/** A handler for what is asked for under a path; all else goes past it. */
export function under(path: string, handler: RequestHandler): RequestHandler {
  const beginning = `${path}/`;
  return (request, response, next) => (request.path.startsWith(beginning) ? handler(request, response, next) : next());
}

/** As the router has it: what a handler throws, or rejects with, is the request's error. */
function attempt(handle: () => unknown, fail: NextFunction): void {
  try {
    const done = handle();
    if (done instanceof Promise) done.catch(fail);
  } catch (error) {
    fail(error);
  }
}
