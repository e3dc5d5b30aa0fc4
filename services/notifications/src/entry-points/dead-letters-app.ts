import { maskedJson, OpsRefusal, TurnoError, withoutPhones, type Logger } from '@turno/shared';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { DeadLettersDesk, Settling } from './dead-letters-desk.ts';
import { limitOf, selectionOf } from './dead-letters-selection.ts';
import { guardWrites } from './ops-writes.ts';

export interface DeadLettersAppOptions {
  readonly desk: DeadLettersDesk;
  /** What whoever changes something must send; undefined lets nobody. */
  readonly token: string | undefined;
  /** Aborted when the service stops: what is under way ends in order then. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

const retryAfterSeconds = 5;

/** The dead letters of TicketCreated on the operations server: to be read by anyone there, to be settled with the token. */
export function deadLettersApp({ desk, token, stopping, logger }: DeadLettersAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const listing = app.route('/dead-letters');
  listing.get(async ({ query }, response) => {
    const limit = limitOf(query['limit']);
    answer(response, 200, await desk.list(limit, untilGone(response, stopping)));
  });
  listing.all(refuseMethod('GET, HEAD'));
  for (const settling of ['redrive', 'discard'] as const) {
    const settled = app.route(`/dead-letters/${settling}`);
    settled.post(...guardWrites(token), settle(settling, desk, stopping, logger));
    settled.all(refuseMethod('POST'));
  }
  const one = app.route('/dead-letters/:id');
  one.get(async ({ params: { id } }, response) => {
    const shown = await desk.show(id, untilGone(response, stopping));
    if (shown.letters.length === 0) throw new OpsRefusal(404, `There is no dead letter ${id} in ${desk.queue}.`);
    answer(response, 200, shown);
  });
  one.all(refuseMethod('GET, HEAD'));
  app.use(() => {
    throw new OpsRefusal(404, 'Try /dead-letters, /dead-letters/{id}, /dead-letters/redrive or /dead-letters/discard.');
  });
  app.use(answerError(logger));
  return app;
}

const participles = { redrive: 'redriven', discard: 'discarded' } as const;

function settle(settling: Settling, desk: DeadLettersDesk, stopping: AbortSignal, logger: Logger): RequestHandler {
  const participle = participles[settling];
  return async ({ body }, response) => {
    const selection = selectionOf(body);
    const { settled, seen, waiting, isComplete, failure } = await desk.settle(
      settling,
      selection,
      untilGone(response, stopping),
    );
    const done = { queue: desk.queue, [participle]: settled, looked_at: seen, waiting, complete: isComplete };
    const selected = withoutPhones(JSON.stringify(selection));
    logger.info({ ...done, selected, err: failure }, `an operator had dead letters ${participle}`);
    if (failure === undefined) return answer(response, 200, done);
    answer(response, statusOf(failure), { message: `It stopped: ${messageOf(failure)}.`, ...done });
  };
}

/** Aborted when the service stops, or when who asked does not wait for the answer any more. */
function untilGone(response: Response, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return AbortSignal.any([stopping, gone.signal]);
}

function refuseMethod(allow: string): RequestHandler {
  return () => {
    throw new OpsRefusal(405, `Only ${allow} will do here.`, { allow });
  };
}

function answer(response: Response, status: number, body: unknown): void {
  if (status === 503) response.set('retry-after', String(retryAfterSeconds));
  response.status(status).set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  response.type('json').send(maskedJson(body));
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = statusOf(error);
    if (status >= 500) logger.error({ err: error, path: request.path }, 'the operations server failed');
    if (error instanceof OpsRefusal) response.set(error.headers);
    answer(response, status, { message: messageOf(error) });
  };
}

/** What Express and its body parser call their errors. */
const refusedBodies: Readonly<Record<number, string>> = {
  400: 'The body is not JSON, or the path does not decode.',
  413: 'The body is too large.',
  415: 'The body is to be JSON in UTF-8, not compressed.',
};

function statusOf(error: unknown): number {
  if (error instanceof TurnoError) return error.retryable ? 503 : 500;
  const { status } = (error ?? {}) as { status?: unknown };
  return error instanceof OpsRefusal || Number(status) in refusedBodies ? Number(status) : 500;
}

function messageOf(error: unknown): string {
  if (error instanceof OpsRefusal || error instanceof TurnoError) return error.message;
  return refusedBodies[statusOf(error)] ?? 'It failed, the log has it.';
}
