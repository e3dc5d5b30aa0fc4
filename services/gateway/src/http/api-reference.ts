import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headersOfPage } from '@turno/shared';
import express, { Router } from 'express';
import { openApiDocument } from './openapi.ts';

const assets = '/docs/assets';
const swaggerUi = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
/** The rest of the package (source maps, other builds) is not served. */
const served = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png']);

/** The page runs what this gateway serves and nothing else. The library makes HTML of texts, and has pictures in its styles. */
const pageOfReference = headersOfPage({
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
});

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Turno Customer API</title>
<link rel="icon" href="${assets}/favicon-32x32.png">
<link rel="stylesheet" href="${assets}/swagger-ui.css">
<div id="reference"></div>
<script src="${assets}/swagger-ui-bundle.js"></script>
<script src="${assets}/start.js"></script>
</html>
`;

const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;

/** `/openapi.json`, and at `/docs` the same for people, with "try it out". */
export function apiReference(): Router {
  const description = JSON.stringify(openApiDocument());
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.type('json').send(description);
  });
  router.get('/docs', (_request, response) => {
    response.set(pageOfReference).type('html').send(page);
  });
  router.get(`${assets}/start.js`, (_request, response) => {
    response.type('js').send(start);
  });
  router.use(assets, (request, _response, next) => next(served.has(request.path) ? undefined : 'router'));
  router.use(assets, express.static(swaggerUi, { index: false, maxAge: '1h' }));
  return router;
}
