import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  commonPageFolder,
  EventStream,
  letterSelection,
  OpsRefusal,
  pageHeaders,
  refusedWrite,
  TurnoError,
  withoutPhones,
  type LetterSelection,
  type Logger,
  type Redriven,
} from '@turno/shared';
import express, { json, type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Collector } from './collector.ts';

export interface ConsoleAppOptions {
  readonly collector: Collector;
  readonly redrive: (selection: LetterSelection) => Promise<Redriven>;
  /** What whoever redrives must send; undefined lets nobody. */
  readonly token: string | undefined;
  readonly logger: Logger;
}

/** Beside `src` and `dist` alike: the page is served as it is written, there is nothing to build. */
const folder = join(import.meta.dirname, '../../console-page');
const plots = dirname(fileURLToPath(import.meta.resolve('uplot/dist/uPlot.esm.js')));
/** Pages that are open at once, at most. */
const maxPages = 50;
const asWritten = { index: false, redirect: false, cacheControl: false };

/** `/console` and all below it: the page, its figures once or as they come, and the button. */
export function consoleApp({ collector, redrive, token, logger }: ConsoleAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set(pageHeaders);
    next();
  });
  app.get('/console', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder });
  });
  app.get('/console/figures', async (_request, response) => {
    response.set('Cache-Control', 'no-store').json(await collector.figures());
  });
  app.get('/console/events', (_request, response) => {
    if (collector.listeners >= maxPages) throw new OpsRefusal(503, 'Too many consoles are open.');
    const stream = new EventStream(response);
    const leave = collector.listen({
      figures: (figures) => stream.send('figures', figures),
      close: () => stream.end(),
    });
    stream.onGone(leave);
  });
  app.post(
    '/console/dead-letters/redrive',
    (request, _response, next) => {
      const refused = refusedWrite(request, token);
      if (refused) throw new OpsRefusal(refused.status, refused.message, refused.headers);
      next();
    },
    json({ limit: '2kb', inflate: false }),
    redriving(redrive, collector, logger),
  );
  app.get(['/console/uplot.js', '/console/uplot.css'], ({ path }, response) => {
    response.sendFile(path.endsWith('.js') ? 'uPlot.esm.js' : 'uPlot.min.css', { root: plots });
  });
  for (const served of [folder, commonPageFolder]) app.use('/console', express.static(served, asWritten));
  app.use(() => {
    throw new OpsRefusal(404, 'Try /console, /console/figures or /console/help.html.');
  });
  app.use(answerError(logger));
  return app;
}

function redriving(redrive: ConsoleAppOptions['redrive'], collector: Collector, logger: Logger): RequestHandler {
  return async ({ body }, response) => {
    const selection = letterSelection.safeParse(body);
    if (!selection.success) {
      throw new OpsRefusal(400, 'Name the dead letters in one way: {"id": "…"}, {"reason": "…"} or {"all": true}.');
    }
    const result = await redrive(selection.data);
    const selected = withoutPhones(JSON.stringify(selection.data));
    logger.info({ ...result, selected }, 'an operator had dead letters redriven from the console');
    collector.refresh();
    response.set('Cache-Control', 'no-store').json({ message: inWords(result), ...result });
  };
}

function inWords({ redriven, looked_at: seen, waiting, complete, failure }: Redriven): string {
  const letters = `${redriven} ${redriven === 1 ? 'dead letter was' : 'dead letters were'} redriven`;
  if (failure !== undefined) return `It stopped: ${failure}. ${letters}; the others stay.`;
  if (!complete) return `${letters}, ${seen} of ${waiting} looked at; the others stay. Redrive again.`;
  return redriven === 0 ? 'None was meant: somebody else may have been faster.' : `${letters}.`;
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const [status, message] = answerTo(error);
    if (status >= 500) logger.warn({ err: error, path: request.path }, 'the console could not answer');
    if (error instanceof OpsRefusal) response.set(error.headers);
    response.status(status).set('Cache-Control', 'no-store').json({ message });
  };
}

function answerTo(error: unknown): [number, string] {
  if (error instanceof OpsRefusal) return [error.status, error.message];
  if (error instanceof TurnoError) return [503, `Notifications does not answer: ${error.message}.`];
  const { status } = error as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) return [status, 'The request is refused.'];
  return [500, 'It failed, the log has it.'];
}
