import type { Logger } from '@turno/shared';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
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
}

const usualTimes: IssuerTimes = { timeoutMs: 2_000, cooldownMs: 10_000, refreshMs: 5 * 60_000 };

/** What an issuer says of itself. */
const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

/**
 * The public keys of an OpenID Connect issuer, fetched when the first token comes and kept. A token with a key that is not
 * there has them fetched anew, once in a while. While the issuer is away those that are here go on.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #times: IssuerTimes;
  readonly #timer: NodeJS.Timeout;
  #keys: RemoteKeys | undefined;
  #finding: Promise<RemoteKeys> | undefined;
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
    const keys = this.#keys ?? (await this.#ask(() => this.#find()));
    // With a key that is here, or when it is too early to ask again, this asks nobody.
    return this.#isLocal(keys, header.kid) ? keys(header, token) : this.#ask(() => keys(header, token));
  };

  #isLocal(keys: RemoteKeys, kid: string | undefined): boolean {
    const known = keys.jwks()?.keys;
    return known !== undefined && (kid === undefined || keys.coolingDown || known.some((key) => key.kid === kid));
  }

  /** Asks the issuer, unless it has just not answered. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    if (performance.now() - this.#failedAt < this.#times.cooldownMs) {
      throw new AuthenticationUnavailable('the issuer of tokens has not answered');
    }
    try {
      return await question();
    } catch (error) {
      if (isAnswer(error)) throw error;
      this.#failedAt = performance.now();
      const reason = (error as Error).message;
      this.#options.logger.warn({ reason }, 'the issuer of tokens does not answer');
      throw new AuthenticationUnavailable('the issuer of tokens does not answer', { cause: error });
    }
  }

  #find(): Promise<RemoteKeys> {
    this.#finding ??= this.#jwksUrl()
      .then((url) => {
        const { timeoutMs, cooldownMs } = this.#times;
        // Kept for as long as it takes: what makes them fresh is the refresh, which may fail.
        this.#keys = createRemoteJWKSet(url, {
          timeoutDuration: timeoutMs,
          cooldownDuration: cooldownMs,
          cacheMaxAge: Infinity,
        });
        return this.#keys;
      })
      .finally(() => (this.#finding = undefined));
    return this.#finding;
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
    if (issuer.startsWith('https:') && url.protocol !== 'https:') throw new Error("the issuer's keys are not on https");
    return url;
  }

  async #refresh(): Promise<void> {
    try {
      await this.#keys?.reload();
    } catch (error) {
      this.#options.logger.warn({ reason: (error as Error).message }, 'the keys of the issuer could not be refreshed');
    }
  }
}

/** That there is no such key is an answer. */
function isAnswer(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ERR_JWKS_NO_MATCHING_KEY' || code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS';
}
