import { createHash, timingSafeEqual } from 'node:crypto';
import { json, type Request, type RequestHandler } from 'express';
import { OpsRefusal } from './ops-refusal.ts';

/** A selection of dead letters is far smaller: a message id has 255 bytes at most. */
const maxBodySize = '2kb';

/**
 * What stands before everything that changes something: no other site's page may ask for it, only who has the token may,
 * and the body is JSON, which a form cannot send.
 *
 * @param token of the operator; without one nothing may be changed
 */
export function guardWrites(token: string | undefined): readonly RequestHandler[] {
  return [
    refuseOtherSites,
    token === undefined ? refuseWithoutToken : demandToken(token),
    refuseOtherMediaTypes,
    json({ limit: maxBodySize, inflate: false }),
  ];
}

/** Browsers say where a request comes from; other programs say nothing. */
const refuseOtherSites: RequestHandler = (request, _response, next) => {
  const site = request.get('sec-fetch-site') ?? 'none';
  if (!['same-origin', 'none'].includes(site) || !isOwnOrigin(request)) {
    throw new OpsRefusal(403, 'A page of another site may not ask for this.');
  }
  next();
};

function isOwnOrigin(request: Request): boolean {
  const origin = request.get('origin');
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.get('host'));
}

const refuseWithoutToken: RequestHandler = () => {
  throw new OpsRefusal(403, 'Nothing can be changed here until notifications is started with OPS_TOKEN set.');
};

/** Compares digests, which are equally long whatever was sent, in a time that tells nothing. */
function demandToken(token: string): RequestHandler {
  const expected = digest(token);
  return (request, _response, next) => {
    const given = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw new OpsRefusal(401, 'Authorization: Bearer with the value of OPS_TOKEN is wanted.', {
        'www-authenticate': 'Bearer',
      });
    }
    next();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const refuseOtherMediaTypes: RequestHandler = (request, _response, next) => {
  if (!request.is('application/json')) {
    throw new OpsRefusal(415, 'A body of JSON is wanted: Content-Type: application/json.');
  }
  next();
};
