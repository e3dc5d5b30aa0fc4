import type { Socket } from 'node:net';

/** One direction of a connection over a link. Bytes arrive in the order they were sent, or not at all. */
export class OneWay {
  readonly #to: Socket;
  /** Bytes, and at last the end, that are under way, each with the moment of its arrival. */
  readonly #underWay: { readonly at: number; readonly arrive: () => void }[] = [];
  #held = false;
  #swallowed = false;
  #latencyMs = 0;
  #watched: { readonly text: string; readonly notice: () => void } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket) {
    this.#to = to;
    from.on('data', (bytes) => this.#take(bytes));
    // Its other end learns of it by the close that follows.
    from.on('error', () => undefined);
    from.on('close', () => this.#send(() => this.#to.end()));
  }

  hold(): void {
    this.#held = true;
  }

  /** Tells of the first bytes that contain the text, before they go on. */
  watch(text: string, notice: () => void): void {
    this.#watched = { text, notice };
  }

  delay(latencyMs: number): void {
    this.#latencyMs = latencyMs;
  }

  /** What is sent from now on goes nowhere, and neither does the end of the connection. */
  swallow(): void {
    this.#swallowed = true;
  }

  release(): void {
    this.#held = false;
    this.#watched = undefined;
    this.#deliver();
  }

  #take(bytes: Buffer): void {
    if (this.#watched && bytes.includes(this.#watched.text)) {
      this.#watched.notice();
      this.#watched = undefined;
    }
    this.#send(() => this.#to.write(bytes));
  }

  #send(arrive: () => void): void {
    if (this.#swallowed) return;
    this.#underWay.push({ at: performance.now() + this.#latencyMs, arrive });
    this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    while (!this.#held) {
      const next = this.#underWay[0];
      if (!next) return;
      const waitMs = next.at - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#deliver(), waitMs);
        return;
      }
      this.#underWay.shift();
      next.arrive();
    }
  }
}
