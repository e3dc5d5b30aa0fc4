import type { ServerResponse } from 'node:http';

/** Seldom enough to cost nothing, often enough for proxies that close what is silent for half a minute. */
const heartbeatMs = 15_000;
/** A page that does not read: its connection is closed, and it comes again. */
const maxUnreadBytes = 16 * 1024 * 1024;

/** Server-sent events on a response, until either side ends them. */
export class EventStream {
  readonly #response: ServerResponse;

  /** Answers 200 and begins the stream. */
  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
      // Once it ends nothing keeps a stopping server waiting.
      Connection: 'close',
    });
    response.write('retry: 1000\n\n');
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
    response.on('close', () => clearInterval(heartbeat));
  }

  /** @param id what the browser names as the last one it has when it comes again */
  send(event: string, data: object, id?: number): void {
    // JSON has no line breaks of its own, so one line of data is enough.
    const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`, `data: ${JSON.stringify(data)}`];
    this.#response.write(`${lines.join('\n')}\n\n`);
    if (this.#response.writableLength > maxUnreadBytes) this.#response.destroy();
  }

  end(): void {
    this.#response.end();
  }

  /** Calls back once the page is gone. */
  onGone(work: () => void): void {
    this.#response.on('close', work);
  }
}
