import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly published: JWK;
}

export interface TokenOptions {
  readonly audience?: string;
  readonly issuer?: string;
  /** From now; less than 0 for one that has expired. */
  readonly expiresInSeconds?: number;
  /** Without it the issuer's newest. */
  readonly key?: SigningKey;
}

/** The audience of its tokens, unless one is named. */
export const audience = 'turno';

/**
 * An OpenID Connect issuer as far as an API sees one: a real HTTP server with its configuration and its keys. It goes away and
 * comes back at the same address.
 */
export class TokenIssuer {
  #server: Server | undefined;
  #port = 0;
  #keys: SigningKey[] = [];
  #made = 0;
  #ails: 'nonsense' | 'hanging' | undefined;
  /** How often it was asked for anything. */
  asked = 0;
  /** How often its keys were asked for. */
  keysAsked = 0;

  private constructor() {}

  static async start(): Promise<TokenIssuer> {
    const issuer = new TokenIssuer();
    issuer.#keys = [await issuer.makeKey()];
    await issuer.comeBack();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get newestKey(): SigningKey {
    return this.#keys.at(-1)!;
  }

  /** A token of a customer. */
  token(claims: Record<string, unknown>, options: TokenOptions = {}): Promise<string> {
    const { key = this.newestKey, expiresInSeconds = 300 } = options;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: key.kid })
      .setIssuer(options.issuer ?? this.url)
      .setAudience(options.audience ?? audience)
      .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInSeconds)
      .sign(key.privateKey);
  }

  /** A key that it publishes only once `publish` is told so. */
  async makeKey(): Promise<SigningKey> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const kid = `key-${++this.#made}`;
    return { kid, privateKey, published: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
  }

  /** From now on these are its keys, the newest last. */
  publish(...keys: SigningKey[]): void {
    this.#keys = keys;
  }

  /** From now on it answers what is no JSON; or takes requests, and answers none. */
  fallIll(how: 'nonsense' | 'hanging'): void {
    this.#ails = how;
  }

  async goAway(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  async comeBack(): Promise<void> {
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json').setHeader('connection', 'close');
      this.asked++;
      if (this.#ails === 'hanging') return;
      if (request.url === '/keys') this.keysAsked++;
      response.end(this.#ails ?? JSON.stringify(this.#answerAt(request.url ?? '')));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  #answerAt(path: string): object {
    if (path === '/keys') return { keys: this.#keys.map(({ published }) => published) };
    return path === '/.well-known/openid-configuration' ? { issuer: this.url, jwks_uri: `${this.url}/keys` } : {};
  }
}
