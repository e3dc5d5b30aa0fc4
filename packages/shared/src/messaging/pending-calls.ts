import { OutcomeUnknown, type TurnoError } from '../errors.ts';
import { ShortLivedMap } from '../short-lived-map.ts';

interface PendingCall {
  resolve(reply: unknown): void;
  reject(error: TurnoError): void;
}

/** Calls that are not answered yet, by their ids. What concerns others is ignored: their callers have been told. */
export class PendingCalls {
  readonly #calls = new ShortLivedMap<string, PendingCall>();

  get size(): number {
    return this.#calls.size;
  }

  /**
   * The reply to a call.
   *
   * @throws OutcomeUnknown when there is none within the time, in milliseconds; whatever the call fails with
   */
  replyTo(id: string, method: string, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.fail([id], new OutcomeUnknown(`no answer to ${method} within ${timeoutMs} ms`)),
        timeoutMs,
      );
      this.#calls.set(id, {
        resolve: (reply) => (clearTimeout(timer), resolve(reply)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      });
    });
  }

  answer(id: string, reply: unknown): void {
    this.#calls.take(id)?.resolve(reply);
  }

  fail(ids: Iterable<string>, error: TurnoError): void {
    for (const id of ids) this.#calls.take(id)?.reject(error);
  }

  failAll(error: TurnoError): void {
    this.fail(this.#calls.keys(), error);
  }
}
