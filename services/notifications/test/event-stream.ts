import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { eventually } from '@turno/testing';

interface Update {
  readonly messages: readonly { readonly key: string; readonly to: string; readonly state?: string }[];
  readonly consents: readonly { readonly phone: string; readonly promotions: boolean }[];
}

interface ServerSentEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: Update;
}

/** Listens to server-sent events as a browser does. */
export class EventStream {
  readonly #response: IncomingMessage;
  readonly #events: ServerSentEvent[] = [];
  #unread = '';
  #taken = 0;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.#take(chunk));
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
    if (response.headers['content-type'] !== 'text/event-stream; charset=utf-8') throw new Error('no event stream');
    return new EventStream(response);
  }

  /** The next event of that kind that was not taken yet. */
  next(kind: string): Promise<ServerSentEvent> {
    return eventually(() => {
      const at = this.#events.findIndex(({ event }, i) => i >= this.#taken && event === kind);
      if (at < 0) return undefined;
      this.#taken = at + 1;
      return this.#events[at];
    });
  }

  /** Resolves once an update came of which that is true. */
  async until(condition: (update: Update) => boolean): Promise<void> {
    await eventually(() => this.#events.some(({ event, data }) => event === 'update' && condition(data)));
  }

  first(kind: string): unknown {
    return this.#events.find(({ event }) => event === kind)?.data;
  }

  get hasEnded(): boolean {
    return this.#response.closed;
  }

  close(): void {
    this.#response.destroy();
  }

  #take(chunk: string): void {
    const parts = `${this.#unread}${chunk}`.split('\n\n');
    this.#unread = parts.pop() ?? '';
    for (const part of parts) {
      const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      const { id, event, data } = fields;
      if (event && data) this.#events.push({ ...(id && { id }), event, data: JSON.parse(data) as Update });
    }
  }
}
