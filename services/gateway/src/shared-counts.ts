import { createClient } from '@redis/client';
import { fullJitter, inTime, type Logger } from '@turno/shared';
import { MemoryStore, type ClientRateLimitInfo, type Options, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';

/** A request waits no longer than this for its count, in milliseconds: then its gateway's own is taken. */
const patienceMs = 250;
const beginsWithinMs = 2_500;
/** After a failure Redis is left alone for so long, in milliseconds. */
const leaveAloneMs = 1_000;

/** Asks Redis; undefined when it is away. */
type AskRedis = <T>(ask: () => Promise<T>) => Promise<T | undefined>;

type Client = ReturnType<typeof createClient>;

/**
 * Counts of requests that all gateways share, in Redis. While Redis is away each gateway goes by what it has counted itself:
 * limits are wider then, and no request fails for it.
 */
export class SharedCounts {
  readonly #client: Client;
  readonly #logger: Logger;
  readonly #withinMs: number;
  readonly #stores: SharedStore[] = [];
  #leaveAloneUntil = 0;
  #isAway = false;

  private constructor(url: string, logger: Logger, withinMs: number) {
    this.#logger = logger;
    this.#withinMs = withinMs;
    this.#client = createClient({
      url,
      disableOfflineQueue: true,
      // A connection over which nothing comes any more is given up, however it ended.
      pingInterval: 1_000,
      socket: { connectTimeout: 2_000, socketTimeout: 6_000, reconnectStrategy: (retries) => fullJitter(retries + 1) },
    });
    this.#client.on('error', (error: Error) => this.#noteAway(error));
    this.#client.on('ready', () => void this.#begin());
    this.#client.on('ping-interval', () => this.#noteBack());
  }

  /** @param url `redis://` or `rediss://`; nothing is waited for */
  static open(url: string, logger: Logger, { withinMs = patienceMs } = {}): SharedCounts {
    const counts = new SharedCounts(url, logger, withinMs);
    counts.#client.connect().catch((error: unknown) => counts.#noteAway(error));
    return counts;
  }

  /** Whether requests are counted together at present. */
  get isShared(): boolean {
    return this.#client.isReady && !this.#isAway;
  }

  /** @param name apart from those of other limits */
  storeFor(name: string): Store {
    const store = new SharedStore(name, this.#client, (ask) => this.#askRedis(ask));
    this.#stores.push(store);
    return store;
  }

  close(): void {
    if (this.#client.isOpen) this.#client.destroy();
  }

  /** A Redis that was started anew does not know the scripts. */
  async #begin(): Promise<void> {
    try {
      await Promise.all(this.#stores.map((store) => inTime(store.begin(), beginsWithinMs, tooLate)));
      this.#leaveAloneUntil = 0;
      this.#noteBack();
    } catch (error) {
      this.#noteAway(error);
    }
  }

  async #askRedis<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (!this.#client.isReady || performance.now() < this.#leaveAloneUntil) return undefined;
    try {
      const answer = await inTime(ask(), this.#withinMs, tooLate);
      this.#noteBack();
      return answer;
    } catch (error) {
      this.#leaveAloneUntil = performance.now() + leaveAloneMs;
      this.#noteAway(error);
      return undefined;
    }
  }

  /** Once, until it is back: a line for each request would be a load of its own. */
  #noteAway(error: unknown): void {
    if (!this.#isAway) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn({ reason }, 'Redis is away: each gateway counts requests for itself');
    }
    this.#isAway = true;
  }

  #noteBack(): void {
    if (this.#isAway) this.#logger.info('Redis is back: requests are counted together again');
    this.#isAway = false;
  }
}

/** One limit's counts: in Redis, and this gateway's own beside them. */
class SharedStore implements Store {
  readonly localKeys = false;
  readonly prefix: string;
  readonly #own = new MemoryStore();
  readonly #shared: RedisStore;
  readonly #askRedis: AskRedis;
  #options: Options | undefined;

  constructor(name: string, client: Client, askRedis: AskRedis) {
    this.prefix = `turno:rate:${name}:`;
    this.#shared = new RedisStore({ prefix: this.prefix, sendCommand: (...command) => client.sendCommand(command) });
    this.#askRedis = askRedis;
  }

  init(options: Options): void {
    this.#options = options;
    this.#own.init(options);
  }

  /** To be called once Redis is there, each time. */
  async begin(): Promise<void> {
    if (this.#options) await this.#shared.init(this.#options);
  }

  async increment(key: string): Promise<ClientRateLimitInfo> {
    const own = await this.#own.increment(key);
    return (await this.#askRedis(() => this.#shared.increment(key))) ?? own;
  }

  async decrement(key: string): Promise<void> {
    await this.#own.decrement(key);
    await this.#askRedis(() => this.#shared.decrement(key));
  }

  async resetKey(key: string): Promise<void> {
    await this.#own.resetKey(key);
    await this.#askRedis(() => this.#shared.resetKey(key));
  }

  shutdown(): void {
    this.#own.shutdown();
  }
}

function tooLate(): Error {
  return new Error('it does not answer');
}
