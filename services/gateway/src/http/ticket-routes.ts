import { createTicket } from '@turno/shared';
import { json, Router } from 'express';
import type { TicketingClient } from '../ticketing-client.ts';
import { HttpError } from './error-to-http.ts';
import { requestKeyOf } from './idempotency-key.ts';

const maxBodySize = '16kb';

export function ticketRoutes(ticketing: TicketingClient): Router {
  const router = Router();

  router
    .route('/customer/v1/tickets')
    .post(json({ limit: maxBodySize, verify: refuseEmptyBody }), async (request, response) => {
      // Null where there is no body at all: that is no matter of its type.
      if (request.is('application/json') === false) throw new HttpError('UNSUPPORTED_MEDIA_TYPE');
      const command = createTicket.parse(request.body);
      const requestId = response.locals['requestId'] as string;
      const ticket = await ticketing.createTicket(command, { requestId, requestKey: requestKeyOf(request) });
      response.status(201).json(ticket);
    })
    .all((_request, response) => {
      response.set('Allow', 'POST');
      throw new HttpError('METHOD_NOT_ALLOWED');
    });

  return router;
}

/** The parser would take a body of no length for an empty object. */
function refuseEmptyBody(_request: unknown, _response: unknown, body: Buffer): void {
  if (body.length === 0) throw new HttpError('INVALID_BODY');
}
