import { createPublicKey } from 'node:crypto';
import type { Isolated } from '@turno/devstack';
import { connectMongo } from '@turno/mongo';
import { createLogger, newApiKey } from '@turno/shared';
import { audience, TokenIssuer } from '@turno/testing';
import { apiKeyModel, ApiKeyRepository } from '@turno/ticketing';
import type { Overheard } from './attack.ts';

/** Of the demo, and none of the well-behaved caller's: their ids by their phones. */
export const attackersCustomers: ReadonlyMap<string, string> = new Map([
  ['+51984112233', 'rosa0417'],
  ['+51991445566', 'julio1102'],
]);

/** API keys of two channels, and an issuer of tokens: whom the gateway lets in. */
export class Access {
  /** Of the well-behaved caller. */
  readonly keyOfTheOthers: string;
  readonly #keyOfTheAttacker: string;
  readonly #revokedKey: string;
  readonly #issuer: TokenIssuer;

  private constructor(keys: { others: string; attackers: string; revoked: string }, issuer: TokenIssuer) {
    this.keyOfTheOthers = keys.others;
    this.#keyOfTheAttacker = keys.attackers;
    this.#revokedKey = keys.revoked;
    this.#issuer = issuer;
  }

  static async grant(servers: Isolated): Promise<Access> {
    const connection = await connectMongo(servers.mongoUrl, createLogger('e2e', 'fatal'));
    const repository = new ApiKeyRepository(apiKeyModel(connection));
    const add = async (channel: string, dates: { readonly revokedAt?: Date } = {}): Promise<string> => {
      const { id, hash, text } = newApiKey();
      await repository.add({ id, hash, channel, name: 'attack', createdAt: new Date(), ...dates });
      return text;
    };
    const keys = {
      others: await add('kiosk'),
      attackers: await add('mobile'),
      revoked: await add('kiosk', { revokedAt: new Date() }),
    };
    await connection.close();
    return new Access(keys, await TokenIssuer.start());
  }

  /** For the gateway. */
  get variables(): NodeJS.ProcessEnv {
    return { AUTH: 'api-keys,jwt', JWT_ISSUER: this.#issuer.url, JWT_AUDIENCE: audience };
  }

  /** What nobody may find in an answer or a log. */
  get credentials(): readonly string[] {
    return [this.keyOfTheOthers, this.#keyOfTheAttacker, this.#revokedKey];
  }

  async overheard(): Promise<Omit<Overheard, 'callback' | 'ticketIds'>> {
    const { kid, published } = this.#issuer.newestKey;
    const publicKey = createPublicKey({ key: published, format: 'jwk' });
    const tokens = [...attackersCustomers.values()].map((sub) =>
      this.#issuer.token({ sub }, { expiresInSeconds: 3_600 }),
    );
    return {
      publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
      keyId: kid,
      issuer: this.#issuer.url,
      audience,
      worn: [this.#revokedKey, await this.#issuer.token({ sub: 'a9087s902m' }, { expiresInSeconds: -60 })],
      own: [this.#keyOfTheAttacker, ...(await Promise.all(tokens))],
    };
  }

  async end(): Promise<void> {
    await this.#issuer.goAway();
  }
}
