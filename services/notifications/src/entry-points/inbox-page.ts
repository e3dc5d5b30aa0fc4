import { join } from 'node:path';
import { commonPageFolder, pageHeaders } from '@turno/shared';
import express, { Router, type RequestHandler } from 'express';

/** Beside `src` and `dist` alike: the page is served as it is written, there is nothing to build. */
const folder = join(import.meta.dirname, '../../inbox-page');

const securely: RequestHandler = (_request, response, next) => {
  response.set(pageHeaders);
  next();
};

/** `GET /inbox`, and below it the page's own scripts and styles. */
export function inboxPage(): Router {
  const router = Router();
  router.use('/inbox', securely);
  router.get('/inbox', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder });
  });
  for (const served of [folder, commonPageFolder]) {
    router.use('/inbox', express.static(served, { index: false, redirect: false, cacheControl: false }));
  }
  return router;
}
