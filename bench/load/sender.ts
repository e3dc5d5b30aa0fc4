import { Pool, type Dispatcher } from 'undici';
import type { LoadRequest } from './requests.ts';

export interface Answer {
  readonly status: number;
  /** Empty unless bodies are wanted. */
  readonly body: string;
}

/** Sends requests over a pool of connections that stay open. Bodies are read to their end, and kept only when wanted. */
export class Sender {
  readonly #pool: Pool;
  readonly #keepsBodies: boolean;

  constructor(apiUrl: string, { connections, keepsBodies }: { connections: number; keepsBodies: boolean }) {
    this.#pool = new Pool(apiUrl, { connections, pipelining: 1 });
    this.#keepsBodies = keepsBodies;
  }

  /** @throws when there was no whole answer */
  send({ method, path, headers = {}, body }: LoadRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const handler = new AnswerHandler(this.#keepsBodies, resolve, reject);
      this.#pool.dispatch({ method, path, headers, body: body ?? null }, handler);
    });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Undici's lowest interface: the load generator shares the machine with what it measures. */
class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #pieces: Buffer[] | undefined;
  readonly #resolve: (answer: Answer) => void;
  readonly onResponseError: (controller: Dispatcher.DispatchController, error: Error) => void;
  #status = 0;

  constructor(keepsBody: boolean, resolve: (answer: Answer) => void, reject: (error: Error) => void) {
    this.#pieces = keepsBody ? [] : undefined;
    this.#resolve = resolve;
    this.onResponseError = (_controller, error) => reject(error);
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#pieces?.push(piece);
  }

  onResponseEnd(): void {
    this.#resolve({ status: this.#status, body: this.#pieces ? Buffer.concat(this.#pieces).toString() : '' });
  }
}
