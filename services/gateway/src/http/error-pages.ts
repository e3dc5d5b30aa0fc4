import { textPageHeaders } from '@turno/shared';
import { Router } from 'express';
import { documentedErrors, type DocumentedError } from './documented-errors.ts';
import { HttpError } from './error-to-http.ts';

const byCode = new Map<string, DocumentedError>(Object.values(documentedErrors).map((error) => [error.code, error]));

const style =
  'body{font:1rem/1.6 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}:root{color-scheme:light dark}\n';

/** `/docs/errors/{code}`: a page for every code that an error can carry. */
export function errorPages(): Router {
  const router = Router();
  router.get('/docs/errors.css', (_request, response) => {
    response.set('Cache-Control', 'max-age=3600').type('css').send(style);
  });
  router.get('/docs/errors/:code', (request, response) => {
    const error = byCode.get(request.params.code);
    if (!error) throw new HttpError('PATH_NOT_FOUND');
    response.set(textPageHeaders).type('html').send(page(error));
  });
  return router;
}

function page({ code, status, message, whatHappened, whatToDo }: DocumentedError): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${code}: ${message}</title>
<link rel="stylesheet" href="/docs/errors.css">
<h1>${message}</h1>
<p>Error <code>${code}</code>, HTTP status ${status}</p>
<h2>What happened</h2>
<p>${whatHappened}</p>
<h2>What to do</h2>
<p>${whatToDo}</p>
</html>
`;
}
