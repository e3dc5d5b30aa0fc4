import type { Principal } from '@turno/shared';
import { closeServer, listen } from '@turno/shared';
import express, { type ErrorRequestHandler } from 'express';
import { createServer } from 'node:http';
import { errorToHttp } from '../src/http/error-to-http.ts';
import type { RateLimits } from '../src/http/rate-limit.ts';

/** The limits of a gateway around an answer of 200, with whoever the caller says that he is for the principal. */
export interface LimitedGateway {
  send(principal?: Principal): Promise<Response>;
  /** The statuses of so many requests, one after the other. */
  statuses(count: number, principal?: Principal): Promise<number[]>;
  close(): Promise<void>;
}

const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  const { status, message } = errorToHttp(error);
  response.status(status).json({ message });
};

export async function limitedGateway({ ofAddress, ofPrincipal }: RateLimits): Promise<LimitedGateway> {
  const app = express();
  app.use(ofAddress);
  app.use((request, response, next) => {
    response.locals['principal'] = JSON.parse(request.get('x-principal') ?? '{"kind":"anonymous"}');
    next();
  });
  app.use(...ofPrincipal, (_request, response) => void response.json({}));
  app.use(answerError);
  const server = createServer(app);
  const port = await listen(server, 0, '127.0.0.1');

  const send = (principal?: Principal) =>
    fetch(`http://127.0.0.1:${port}/`, {
      headers: principal ? { 'x-principal': JSON.stringify(principal) } : {},
    });
  return {
    send,
    async statuses(count, principal) {
      const found: number[] = [];
      for (let i = 0; i < count; i++) found.push((await send(principal)).status);
      return found;
    },
    close: () => closeServer(server),
  };
}
