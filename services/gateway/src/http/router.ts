import { json, Router, type Request, type RequestHandler, type Response } from 'express';
import type { TicketingClient } from '../ticketing-client.ts';
import { HttpError } from './error-to-http.ts';
import type { Call, Route } from './route.ts';

const maxBodySize = '16kb';

/** Serves the routes: each request is checked against its route's schemas before the route sees it. */
export function serveRoutes(routes: readonly Route[], ticketing: TicketingClient): Router {
  const router = Router();
  for (const [template, ofPath] of Map.groupBy(routes, ({ path }) => path)) {
    const served = router.route(template.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const route of ofPath) served[route.method](...bodyParser(route), answer(route, ticketing));
    served.all(refuseMethod(ofPath));
  }
  return router;
}

function answer(route: Route, ticketing: TicketingClient): RequestHandler {
  return async (request, response) => {
    const { body, headers = {} } = await route.handle(checked(route, request, response), ticketing);
    // Estimates are as of now, and a ticket tells a phone: nothing on the way may keep an answer.
    response.status(route.success.status).set({ 'Cache-Control': 'no-store', ...headers });
    if (body === undefined) response.end();
    else response.json(body);
  };
}

function checked({ params, query, headers, body, notFound }: Route, request: Request, response: Response) {
  const named = params?.safeParse(request.params);
  if (named?.success === false) throw new HttpError(notFound ?? 'PATH_NOT_FOUND');
  return {
    params: named?.data,
    query: query?.parse(request.query),
    body: body?.parse(request.body),
    headers: headers?.parse(request.headers),
    requestId: response.locals['requestId'] as string,
  } as Call<never, never, never, never>;
}

function bodyParser(route: Route): RequestHandler[] {
  return route.body ? [json({ limit: maxBodySize, verify: refuseEmptyBody }), refuseOtherMediaTypes] : [];
}

/** The parser would take a body of no length for an empty object. */
function refuseEmptyBody(_request: unknown, _response: unknown, body: Buffer): void {
  if (body.length === 0) throw new HttpError('INVALID_BODY');
}

/** The parser lets a body of another type pass, unread. Where there is no body at all that is no matter of its type. */
const refuseOtherMediaTypes: RequestHandler = (request, _response, next) => {
  if (request.is('application/json') === false) throw new HttpError('UNSUPPORTED_MEDIA_TYPE');
  next();
};

function refuseMethod(routes: readonly Route[]): RequestHandler {
  const methods = routes.map(({ method }) => method.toUpperCase());
  const allow = methods.flatMap((method) => (method === 'GET' ? [method, 'HEAD'] : [method])).join(', ');
  return (_request, response) => {
    response.set('Allow', allow);
    throw new HttpError('METHOD_NOT_ALLOWED');
  };
}
