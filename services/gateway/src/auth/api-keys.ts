import { randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { readApiKey, type Clock, type KnownApiKey, type Logger, type Principal } from '@turno/shared';
import { AuthenticationUnavailable, Unauthenticated } from './unauthenticated.ts';

/** So soon a key that was made or revoked is known here, at the latest, while ticketing answers. In milliseconds. */
const refreshMs = 2_000;
const firstTriesMs = 250;
/** So long keys hold that ticketing was not asked about. */
const keptForMs = 15 * 60_000;

export interface ApiKeysOptions {
  /** Asks ticketing. */
  readonly list: () => Promise<readonly KnownApiKey[]>;
  readonly clock: Clock;
  /** Milliseconds that no setting of the clock changes. */
  readonly uptimeMs?: () => number;
  readonly logger: Logger;
}

interface Known {
  readonly hash: Buffer;
  readonly channel: string;
  readonly expiresAt: number;
}

/** What a key is compared with whose id nobody has: it takes as long as with one that somebody has. */
const nobodysHash = randomBytes(32);

/**
 * The hashes of the API keys, as ticketing has them: no request waits for it. While ticketing is away they are kept for a
 * quarter of an hour; where there are none yet, or no longer, nobody gets in.
 */
export class ApiKeys {
  readonly #options: ApiKeysOptions;
  readonly #stopping = new AbortController();
  readonly #uptimeMs: () => number;
  #known: ReadonlyMap<string, Known> | undefined;
  /** In uptime: a clock that is set back would keep keys for longer. */
  #askedAt = -Infinity;
  #refreshing: Promise<void> | undefined;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
    this.#uptimeMs = options.uptimeMs ?? (() => performance.now());
  }

  /** Begins to ask, and goes on doing so. */
  start(): void {
    this.#refreshing ??= this.#keepRefreshing();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#refreshing;
  }

  /** True when keys can be told from what is none. */
  get areKnown(): boolean {
    return this.#known !== undefined && this.#uptimeMs() - this.#askedAt < keptForMs;
  }

  /**
   * @throws Unauthenticated when it is no key that holds
   * @throws AuthenticationUnavailable when nobody can say
   */
  principalOf(text: string): Principal {
    const sent = readApiKey(text);
    if (!sent) throw new Unauthenticated('malformed');
    if (!this.areKnown) throw new AuthenticationUnavailable('the API keys are not known');
    const known = this.#known!.get(sent.id);
    const isSame = timingSafeEqual(sent.hash, known?.hash ?? nobodysHash);
    if (!known || !isSame || known.expiresAt <= this.#options.clock().getTime()) {
      throw new Unauthenticated('api_key', { keyId: sent.id });
    }
    return { kind: 'channel', key_id: sent.id, channel: known.channel };
  }

  async #keepRefreshing(): Promise<void> {
    const { signal } = this.#stopping;
    let failed = false;
    while (!signal.aborted) {
      try {
        const keys = await this.#options.list();
        this.#known = new Map(keys.map((key) => [key.id, knownOf(key)]));
        this.#askedAt = this.#uptimeMs();
        failed = false;
      } catch (error) {
        // Once: whoever waits for ticketing says so elsewhere, again and again.
        if (!failed && !signal.aborted) this.#warn(error as Error);
        failed = true;
      }
      await pause(this.#known ? refreshMs : firstTriesMs, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }

  #warn({ message }: Error): void {
    const what = this.#known ? 'those known are kept for a while' : 'nobody gets in with one';
    this.#options.logger.warn({ reason: message }, `ticketing could not be asked for the API keys: ${what}`);
  }
}

function knownOf({ hash, channel, expires_at: expiresAt }: KnownApiKey): Known {
  return {
    hash: Buffer.from(hash, 'base64url'),
    channel,
    expiresAt: expiresAt === undefined ? Infinity : Date.parse(expiresAt),
  };
}
