import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { httpLimits, randomId, serverOptions, type HttpLimits, type Logger } from '@turno/shared';
import { documentedErrors } from './documented-errors.ts';

/** What Node calls its refusals, where there is more to say than that it is no request. */
const refusals: Readonly<Record<string, 'HEADERS_TOO_LARGE' | 'REQUEST_TIMEOUT'>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

export interface HttpServerOptions {
  readonly app: RequestListener;
  /** Where `more_info` points to. */
  readonly errorPagesUrl: string | undefined;
  readonly limits?: HttpLimits;
  readonly logger: Logger;
}

/** The HTTP server of the API: what is no request of HTTP is answered in the shape of the API too. */
export function createHttpServer({ app, errorPagesUrl, limits = httpLimits, logger }: HttpServerOptions): Server {
  // A missing host is refused by the app, in its own shape.
  const server = createServer({ ...serverOptions(limits), requireHostHeader: false }, app);
  // Node would answer 417 by itself; the expectation is ignored, as RFC 9110 allows.
  server.on('checkExpectation', app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    refuse(socket, error.code ?? error.message);
  });
  // This is no proxy. Without a listener Node would hang up without a word.
  server.on('connect', (_request, socket) => {
    // Node has let go of this socket: nobody else hears that its caller tore it away, and an error unheard ends the process.
    socket.on('error', () => socket.destroy());
    refuse(socket, 'CONNECT');
  });
  return server;

  function refuse(socket: Duplex, reason: string): void {
    const requestId = randomId();
    logger.info({ request_id: requestId, reason }, 'what arrived is no HTTP request');
    socket.end(refusalOf(reason, requestId, errorPagesUrl));
  }
}

function refusalOf(reason: string, requestId: string, errorPagesUrl = 'http://localhost/docs/errors/'): string {
  const { status, message, code } = documentedErrors[refusals[reason] ?? 'MALFORMED_REQUEST'];
  const body = JSON.stringify({ message, code, more_info: new URL(code, errorPagesUrl).href });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
