import { secondsSince, traceContext, type Metrics, type Span, type Telemetry } from '@turno/shared';
import type { Request, RequestHandler, Response } from 'express';

/** Of a request that was refused before its route was known, or has none. */
const noRoute = 'none';
/** What whoever reads logs of nginx knows for this: no answer was sent. */
const callerLeft = 499;
/** Callers may send any of HTTP's some forty methods. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS']);

/**
 * Begins the trace of a request, or goes on with its caller's, and measures it until its answer is written. The route is the
 * pattern that is in `response.locals` by then, never the path, of which there is no end.
 */
export function requestTelemetry({ tracing, metrics }: Telemetry): RequestHandler {
  const seconds = durations(metrics);
  return (request, response, next) => {
    const start = performance.now();
    const method = methods.has(request.method) ? request.method : 'other';
    const span = tracing.begin({
      name: method,
      kind: 'server',
      parent: traceContext(request.headers.traceparent, request.headers.tracestate),
      mayBeginTrace: true,
      attributes: { 'http.request.method': method, 'url.scheme': request.protocol },
    });
    response.locals['trace'] = span.trace;
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : callerLeft;
      const route = routeOf(request, response);
      seconds.observe({ method, route, status: String(status) }, secondsSince(start));
      end(span, { method, route, status }, response);
    });
    next();
  };
}

function durations(metrics: Metrics) {
  return metrics.histogram(
    'turno_http_request_duration_seconds',
    'Requests of callers, from their headers to the end of the answer, in seconds; status 499 where the caller left before it',
    ['method', 'route', 'status'],
  );
}

function routeOf({ path }: Request, { locals }: Response): string {
  if (typeof locals['route'] === 'string') return locals['route'];
  return path === '/docs' || path.startsWith('/docs/') ? '/docs' : noRoute;
}

function end(
  span: Span,
  { method, route, status }: { method: string; route: string; status: number },
  { locals }: Response,
): void {
  span.end({
    ...(route !== noRoute && { name: `${method} ${route}` }),
    attributes: {
      'http.route': route === noRoute ? undefined : route,
      'http.response.status_code': status,
      'turno.request.id': locals['requestId'] as string,
    },
    ...(status >= 500 && { error: String(status) }),
  });
}
