import { OpsRefusal, refusedWrite } from '@turno/shared';
import { json, type RequestHandler } from 'express';

/** A selection of dead letters is far smaller: a message id has 255 bytes at most. */
const maxBodySize = '2kb';

/**
 * What stands before everything that changes something, as on every operations server; then the body is read.
 *
 * @param token of the operator; without one nothing may be changed
 */
export function guardWrites(token: string | undefined): readonly RequestHandler[] {
  const guard: RequestHandler = (request, _response, next) => {
    const refused = refusedWrite(request, token);
    if (refused) throw new OpsRefusal(refused.status, refused.message, refused.headers);
    next();
  };
  return [guard, json({ limit: maxBodySize, inflate: false })];
}
