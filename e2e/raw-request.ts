import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it goes out, byte by byte: no client library corrects it on the way. */
export interface RawRequest {
  readonly method: string;
  /** What stands between the method and the version; a character is a byte. */
  readonly target: string;
  /** Beside Host and what frames the body. A character is a byte. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly host?: string;
  readonly body?: Buffer | undefined;
  /** Chunks of so many bytes instead of a length. */
  readonly chunkSize?: number | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** From the connection to the last byte, in milliseconds. */
  readonly took: number;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The request line and the headers, up to and with the empty line. */
export function headOf({ method, target, headers = [], host = 'localhost', body, chunkSize }: RawRequest): Buffer {
  const framing = chunkSize === undefined ? `Content-Length: ${body?.length}` : 'Transfer-Encoding: chunked';
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body ? [framing] : []),
    'Connection: close',
  ];
  return bytes(`${lines.join('\r\n')}\r\n\r\n`);
}

/** The body within its framing. */
export function framedBody({ body = Buffer.of(), chunkSize }: RawRequest): Buffer {
  if (chunkSize === undefined) return body;
  const chunks = Array.from({ length: Math.ceil(body.length / chunkSize) }, (_, i) => {
    const chunk = body.subarray(i * chunkSize, (i + 1) * chunkSize);
    return Buffer.concat([bytes(`${chunk.length.toString(16)}\r\n`), chunk, bytes('\r\n')]);
  });
  return Buffer.concat([...chunks, bytes('0\r\n\r\n')]);
}

/**
 * Sends a request on a connection of its own and reads until the gateway closes it.
 *
 * @throws when what comes back is no HTTP response
 */
export async function exchange(port: number, request: RawRequest): Promise<RawAnswer> {
  const begun = performance.now();
  const socket = connectTo(port);
  socket.write(Buffer.concat([headOf(request), framedBody(request)]));
  const received = await buffer(socket);
  return { ...parsed(received, request.method), took: performance.now() - begun };
}

/** Sends a part of a request and hangs up; resolves once the gateway must have seen both. */
export async function sendAndHangUp(port: number, request: RawRequest, share: number): Promise<void> {
  const body = framedBody(request);
  const socket = connectTo(port);
  const sent = Buffer.concat([headOf(request), body.subarray(0, Math.floor((body.length - 1) * share))]);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.write(sent, () => socket.destroySoon());
  });
}

function connectTo(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  // The gateway may close while a body that it does not want is still being sent; what it said stands.
  socket.on('error', () => undefined);
  return socket;
}

function parsed(received: Buffer, method: string): Omit<RawAnswer, 'took'> {
  const end = received.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = received.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1];
  if (status === undefined) throw new Error(`no answer of HTTP: "${received.toString('latin1').slice(0, 200)}"`);
  const rest = received.subarray(end + 4);
  // The answer to Expect: 100-continue comes before the real one.
  if (status.startsWith('1')) return parsed(rest, method);
  const headers = new Headers(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  // What is no HTTP has no method either: its answer has a body.
  const isHead = method === 'HEAD' && rest.length === 0;
  const length = isHead ? 0 : Number(headers.get('content-length') ?? 0);
  if (rest.length !== length) throw new Error(`${rest.length} bytes of body came, where ${length} were announced`);
  return { status: Number(status), headers, body: rest.toString() };
}
