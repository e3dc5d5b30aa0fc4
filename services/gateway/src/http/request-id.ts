import { randomId } from '@turno/shared';
import type { RequestHandler } from 'express';

const sane = /^[\w.:+=/-]{1,128}$/;
/** It is on every log line and trace: a phone is no id. */
const phone = /^\+[1-9]\d{3,14}$/;

/** Gives every request an id, the caller's when it is sane, and says it in `X-Request-Id` and `response.locals`. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const id = given !== undefined && sane.test(given) && !phone.test(given) ? given : randomId();
  response.locals['requestId'] = id;
  response.set('X-Request-Id', id);
  next();
};
