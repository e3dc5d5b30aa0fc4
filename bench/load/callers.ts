import { setTimeout as pause } from 'node:timers/promises';
import { LatencyRecorder } from './latencies.ts';
import { monotonicMs } from './monotonic.ts';
import type { LoadOrder, LoadResult } from './order.ts';
import { expectedStatus, Requests, type LoadRequest } from './requests.ts';
import { Sender } from './sender.ts';

/** In the open loop so many requests may be on their way; the next ones wait, and their wait is counted. */
const openLoopConnections = 400;

/** Carries out one order: sends its requests as its loop has it, and measures the answers. */
export class Callers {
  readonly #order: LoadOrder;
  readonly #requests: Requests;
  readonly #sender: Sender;
  readonly #latencies = new LatencyRecorder();
  readonly #lateness = new LatencyRecorder();
  readonly #failures: Record<string, number> = {};
  readonly #askedAt: number[] = [];
  readonly #measureFrom: number;
  readonly #endAt: number;
  #measured = 0;
  #read = 0;
  #lastAnswerAt = 0;

  private constructor(order: LoadOrder) {
    this.#order = order;
    this.#requests = new Requests(order);
    const connections = order.loop.kind === 'closed' ? order.loop.connections : openLoopConnections;
    this.#sender = new Sender(order.apiUrl, { connections, keepsBodies: this.#requests.wantsAnswers });
    this.#measureFrom = monotonicMs() + order.warmUpMs;
    this.#endAt = this.#measureFrom + order.measureMs;
  }

  static async carryOut(order: LoadOrder): Promise<LoadResult> {
    const callers = new Callers(order);
    await (order.loop.kind === 'closed'
      ? callers.#askOneAfterTheOther(order.loop.connections)
      : callers.#askAtRate(order.loop.perSecond));
    await callers.#sender.close();
    return callers.#result();
  }

  /** So many callers, each of whom asks again as soon as it has its answer. */
  async #askOneAfterTheOther(connections: number): Promise<void> {
    const caller = async (): Promise<void> => {
      while (!this.#isOver()) await this.#ask(this.#requests.next(), monotonicMs());
    };
    await Promise.all(Array.from({ length: connections }, caller));
  }

  /** A request whenever one is due, however the earlier ones fare. */
  async #askAtRate(perSecond: number): Promise<void> {
    const everyMs = 1_000 / perSecond;
    const underWay = new Set<Promise<void>>();
    for (let due = monotonicMs(); due < this.#endAt;) {
      for (const now = monotonicMs(); due <= now && due < this.#endAt; due += everyMs) {
        this.#lateness.record(now - due);
        const asked = this.#ask(this.#requests.next(), due).finally(() => underWay.delete(asked));
        underWay.add(asked);
      }
      await pause(Math.max(0, due - monotonicMs()));
    }
    await Promise.all(underWay);
  }

  #isOver(): boolean {
    return monotonicMs() >= this.#endAt || this.#requests.asked >= (this.#order.tickets ?? Infinity);
  }

  /** @param from since when its caller waits */
  async #ask(request: LoadRequest, from: number): Promise<void> {
    try {
      const { status, body } = await this.#sender.send(request);
      if (status === expectedStatus(request)) this.#note(request, from, body);
      else this.#noteFailure(String(status));
    } catch (error) {
      this.#noteFailure((error as NodeJS.ErrnoException).code ?? String(error));
    }
  }

  #note({ index }: LoadRequest, from: number, body: string): void {
    const now = monotonicMs();
    this.#lastAnswerAt = now;
    if (index === undefined) this.#read++;
    else this.#askedAt[index - this.#order.firstIndex] ??= from;
    if (index !== undefined && body !== '') this.#requests.noteCreated(body);
    if (!this.#isMeasured(from, now)) return;
    this.#measured++;
    this.#latencies.record(now - from);
  }

  /** The closed loop measures what was answered within the time, the open one what was due within it. */
  #isMeasured(from: number, now: number): boolean {
    const at = this.#order.loop.kind === 'closed' ? now : from;
    return at >= this.#measureFrom && at < this.#endAt;
  }

  #noteFailure(why: string): void {
    this.#failures[why] = (this.#failures[why] ?? 0) + 1;
  }

  #result(): LoadResult {
    const { loop, measureMs } = this.#order;
    const askedAt = Float64Array.from({ length: this.#requests.asked }, (_, index) => this.#askedAt[index] ?? NaN);
    return {
      measured: this.#measured,
      measuredSeconds: Math.min(measureMs, Math.max(1, this.#lastAnswerAt - this.#measureFrom)) / 1_000,
      latencies: this.#latencies.latencies,
      lateness: loop.kind === 'open' ? this.#lateness.latencies : undefined,
      created: askedAt.filter((at) => !Number.isNaN(at)).length,
      read: this.#read,
      failures: this.#failures,
      askedAt,
    };
  }
}
