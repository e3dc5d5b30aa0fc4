import { Router, type Request, type RequestHandler, type Response } from 'express';
import { Unauthenticated } from '../auth/unauthenticated.ts';
import type { TicketingClient } from '../ticketing-client.ts';
import { HttpError } from './error-to-http.ts';
import { jsonBody } from './json-body.ts';
import { inTurn } from './in-turn.ts';
import type { Call, Caller, Reply, Route } from './route.ts';

/** Serves the routes: each request is checked against its route's schemas before the route sees it. */
export function serveRoutes(routes: readonly Route[], ticketing: TicketingClient): Router {
  // As the description has the paths: in lower case, without a slash at the end.
  const router = Router({ caseSensitive: true, strict: true });
  for (const [template, ofPath] of Map.groupBy(routes, ({ path }) => path)) {
    const served = router.route(template.replaceAll(/\{(\w+)\}/g, ':$1'));
    const noted = noteRoute(template);
    for (const route of ofPath) {
      served[route.method](inTurn(noted, ...(route.body ? jsonBody : []), answer(route, ticketing)));
    }
    served.all(noted, refuseMethod(ofPath));
  }
  return router;
}

/** For whoever measures. */
function noteRoute(template: string): RequestHandler {
  return (_request, response, next) => {
    response.locals['route'] = template;
    next();
  };
}

function answer(route: Route, ticketing: TicketingClient): RequestHandler {
  return async (request, response) => {
    const reply = await route.handle(await checked(route, request, response, ticketing), ticketing);
    send(response, route.success.status, reply);
  };
}

/**
 * Not by Express' `json`, which looks at every header several times, and would make a 304 of an answer that is asked for by
 * `If-None-Match: *`: none has a version to compare with.
 */
function send(response: Response, status: number, { body, headers }: Reply): void {
  // Estimates are as of now, and a ticket tells a phone: nothing on the way may keep an answer.
  const all = { 'Cache-Control': 'no-store', ...headers };
  if (body === undefined) {
    response.writeHead(status, all).end();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...all,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function checked(route: Route, request: Request, response: Response, ticketing: TicketingClient) {
  const { params, query, headers, body, notFound, onBrokenBody } = route;
  const caller = callerOf(response);
  const named = params?.safeParse(request.params);
  if (named?.success === false) throw new HttpError(notFound ?? 'PATH_NOT_FOUND');
  const sent = body?.safeParse(request.body);
  if (sent?.success === false) {
    await onBrokenBody?.(request.body, sent.error, ticketing, caller);
    throw sent.error;
  }
  return {
    params: named?.data,
    query: query?.parse(request.query),
    body: sent?.data,
    headers: headers?.parse(request.headers),
    caller,
  } as Call<never, never, never, never>;
}

/** A request that came past the authentication, by whatever way, is not served. */
function callerOf({ locals }: Response): Caller {
  const { requestId, trace, principal } = locals as Omit<Caller, 'principal'> & Partial<Caller>;
  if (!principal) throw new Unauthenticated('missing');
  return { requestId, trace, principal };
}

function refuseMethod(routes: readonly Route[]): RequestHandler {
  const methods = routes.map(({ method }) => method.toUpperCase());
  const allow = methods.flatMap((method) => (method === 'GET' ? [method, 'HEAD'] : [method])).join(', ');
  return (_request, response) => {
    response.set('Allow', allow);
    throw new HttpError('METHOD_NOT_ALLOWED');
  };
}
