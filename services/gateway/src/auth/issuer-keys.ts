import type { Logger } from '@turno/shared';
import { createLocalJWKSet, createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { AuthenticationUnavailable } from './unauthenticated.ts';

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Where its keys are; undefined for what it publishes of itself. */
  readonly jwksUrl: string | undefined;
  readonly logger: Logger;
  readonly times?: Partial<IssuerTimes>;
}

/** In milliseconds. */
export interface IssuerTimes {
  /** For one answer of the issuer. */
  readonly timeoutMs: number;
  /** So long after its keys were fetched, or could not be, they are not fetched again, whatever tokens ask for. */
  readonly cooldownMs: number;
  /** After this they are fetched anew without anybody asking, so that a key that the issuer gave up is gone here too. */
  readonly refreshMs: number;
  /** So long they hold while the issuer does not answer. */
  readonly keptForMs: number;
}

const usualTimes: IssuerTimes = {
  timeoutMs: 2_000,
  cooldownMs: 10_000,
  refreshMs: 5 * 60_000,
  keptForMs: 60 * 60_000,
};

/** What an issuer says of itself. */
const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

/** The keys that are here. */
interface KnownKeys {
  readonly keyFor: JWTVerifyGetKey;
  readonly ids: ReadonlySet<unknown>;
}

/**
 * The public keys of an OpenID Connect issuer, fetched when the first token comes and kept. A token with a key that is not
 * there has them fetched anew, once in a while. While the issuer is away those that are here go on for an hour.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #times: IssuerTimes;
  readonly #timer: NodeJS.Timeout;
  /** Where they are fetched; found anew after a failure, for an issuer may move them. */
  #remote: RemoteKeys | undefined;
  #known: KnownKeys | undefined;
  #fetching: Promise<KnownKeys> | undefined;
  /** By the clock of `performance`, as the next. */
  #fetchedAt = -Infinity;
  #failedAt = -Infinity;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
    this.#times = { ...usualTimes, ...options.times };
    this.#timer = setInterval(() => void this.#refresh(), this.#times.refreshMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * The key that a token says it is signed with.
   *
   * @throws AuthenticationUnavailable when the issuer was needed and did not answer
   * @throws JOSEError when it has no such key
   */
  readonly keyFor: JWTVerifyGetKey = async (header, token) => {
    const known = this.#age < this.#times.keptForMs && this.#known ? this.#known : await this.#fetch();
    try {
      return await known.keyFor(header, token);
    } catch (error) {
      // A key that is here has other algorithms then. Whatever a token makes up, the issuer is asked once in a while at most.
      const mayHaveCome = !known.ids.has(header.kid) && this.#age >= this.#times.cooldownMs;
      if (!isUnknownKey(error) || !mayHaveCome) throw error;
      return (await this.#fetch()).keyFor(header, token);
    }
  };

  get #age(): number {
    return performance.now() - this.#fetchedAt;
  }

  /** Asks the issuer, once for all who want to know, and not soon after it has not answered. */
  async #fetch(): Promise<KnownKeys> {
    if (performance.now() - this.#failedAt < this.#times.cooldownMs) {
      throw new AuthenticationUnavailable('the issuer of tokens has not answered');
    }
    this.#fetching ??= this.#ask().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #ask(): Promise<KnownKeys> {
    try {
      this.#remote ??= createRemoteJWKSet(await this.#jwksUrl(), { timeoutDuration: this.#times.timeoutMs });
      await this.#remote.reload();
      const published = this.#remote.jwks()!;
      const ids = new Set(published.keys.map(({ kid }) => kid));
      this.#known = { keyFor: createLocalJWKSet(published), ids };
      this.#fetchedAt = performance.now();
      return this.#known;
    } catch (error) {
      this.#failedAt = performance.now();
      this.#remote = undefined;
      this.#options.logger.warn({ reason: (error as Error).message }, 'the issuer of tokens does not answer');
      throw new AuthenticationUnavailable('the issuer of tokens does not answer', { cause: error });
    }
  }

  async #jwksUrl(): Promise<URL> {
    const { issuer, jwksUrl } = this.#options;
    if (jwksUrl !== undefined) return new URL(jwksUrl);
    const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.timeout(this.#times.timeoutMs),
    });
    if (!answer.ok) throw new Error(`the issuer's configuration is a ${answer.status}`);
    const said = discovery.parse(await answer.json());
    if (said.issuer !== issuer) throw new Error('the issuer goes by another name than JWT_ISSUER');
    const url = new URL(said.jwks_uri);
    if (new URL(issuer).protocol === 'https:' && url.protocol !== 'https:')
      throw new Error("the issuer's keys are not on https");
    return url;
  }

  /** One that fails is logged, and no matter yet. */
  async #refresh(): Promise<void> {
    if (this.#known) await this.#fetch().catch(() => undefined);
  }
}

function isUnknownKey(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_JWKS_NO_MATCHING_KEY';
}
