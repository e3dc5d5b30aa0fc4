import { createServer } from 'node:http';
import { closeServer, createLogger, listen, type Logger } from '@turno/shared';
import { fetchOnce } from '@turno/testing';
import type { ReceiveCallback } from '../src/domain/receive-callback.ts';
import { createApp } from '../src/entry-points/app.ts';
import type { SmsProvider } from '../src/sms/sms-provider.ts';

export interface CallbackServerOptions {
  readonly providers: readonly SmsProvider[];
  readonly receiveCallback: ReceiveCallback;
  readonly publicUrl?: string;
}

/** The server of notifications on a port of its own, as it is when a real provider sends the SMS. */
export class CallbackServer {
  /** What it logged, a line of JSON each. */
  readonly log: string[] = [];
  readonly #server;
  #port = 0;

  private constructor({ providers, receiveCallback, publicUrl }: CallbackServerOptions) {
    const callbacks = { providers, receiveCallback, publicUrl };
    this.#server = createServer(createApp({ inbox: undefined, callbacks, logger: this.#logger() }));
  }

  static async open(options: CallbackServerOptions): Promise<CallbackServer> {
    const server = new CallbackServer(options);
    server.#port = await listen(server.#server, 0, '127.0.0.1');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetchOnce(this.url + path, init);
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  #logger(): Logger {
    const keep = (...line: unknown[]) => void this.log.push(JSON.stringify(line));
    return Object.assign(createLogger('spec', 'silent'), { warn: keep, error: keep, info: keep });
  }
}
