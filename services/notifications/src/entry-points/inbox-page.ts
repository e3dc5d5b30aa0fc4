import { join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';

/** Beside `src` and `dist` alike: the page is served as it is written, there is nothing to build. */
const folder = join(import.meta.dirname, '../../inbox-page');

/** The page runs what this server serves and nothing else, and no text becomes HTML or a script in it. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const securely: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': contentSecurityPolicy,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  next();
};

/** `GET /inbox`, and below it the page's own scripts and styles. */
export function inboxPage(): Router {
  const router = Router();
  router.use('/inbox', securely);
  router.get('/inbox', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder });
  });
  router.use('/inbox', express.static(folder, { index: false, redirect: false, cacheControl: false }));
  return router;
}
