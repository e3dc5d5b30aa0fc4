import { connectMongo, type Connection } from '@turno/mongo';
import { createLogger, newApiKey, type NewApiKey, type Ticket } from '@turno/shared';
import { audience, eventually, TokenIssuer } from '@turno/testing';
import { apiKeyModel, ApiKeyRepository } from '@turno/ticketing';
import { System } from './system.ts';

export const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

/** A channel or a customer who uses the API, with a customer whose tickets it takes. */
export interface Party {
  readonly channel: string;
  readonly customer: string;
  readonly document: { readonly customer_id_type: string; readonly customer_id_number: string };
}

export const rosa: Party = {
  channel: 'mobile',
  customer: 'rosa0417',
  document: { customer_id_type: 'D', customer_id_number: '45871236' },
};
export const julio: Party = {
  channel: 'kiosk',
  customer: 'julio1102',
  document: { customer_id_type: 'CE', customer_id_number: '001234567' },
};

type Headers = Record<string, string>;
export const bearing = (credential: string): Headers => ({ authorization: `Bearer ${credential}` });

/** The whole system with AUTH=api-keys,jwt, an issuer of tokens, and a key for each channel. */
export class GuardedSystem {
  readonly api: System;
  readonly issuer: TokenIssuer;
  readonly keys: ApiKeyRepository;
  readonly #mongo: Connection;
  readonly #keyOf = new Map<string, NewApiKey>();

  private constructor(api: System, issuer: TokenIssuer, mongo: Connection) {
    this.api = api;
    this.issuer = issuer;
    this.#mongo = mongo;
    this.keys = new ApiKeyRepository(apiKeyModel(mongo));
  }

  static async start(label: string): Promise<GuardedSystem> {
    const issuer = await TokenIssuer.start();
    const variables = { AUTH: 'api-keys,jwt', JWT_ISSUER: issuer.url, JWT_AUDIENCE: audience };
    const api = await System.start(label, { variables, clock: () => new Date() });
    const system = new GuardedSystem(api, issuer, await connectMongo(api.mongoUrl, createLogger('spec', 'fatal')));
    for (const { channel } of [rosa, julio]) system.#keyOf.set(channel, await system.addKey(channel));
    await eventually(async () => (await api.get('/customer/v1/services', system.keyOf(julio))).status === 200);
    return system;
  }

  async addKey(channel: string, dates: { readonly expiresAt?: Date; readonly revokedAt?: Date } = {}) {
    const made = newApiKey();
    await this.keys.add({ id: made.id, hash: made.hash, channel, name: 'spec', createdAt: new Date(), ...dates });
    return made;
  }

  keyOf({ channel }: Party): Headers {
    return bearing(this.#keyOf.get(channel)!.text);
  }

  keyIdOf({ channel }: Party): string {
    return this.#keyOf.get(channel)!.id;
  }

  async tokenOf({ customer }: Party): Promise<Headers> {
    return bearing(await this.issuer.token({ sub: customer }));
  }

  /** A ticket of the party's customer, taken with the key of its channel. */
  async ticketOf(party: Party): Promise<Ticket> {
    const answer = await this.api.post({ ...place, customer_id: party.customer }, this.keyOf(party));
    if (answer.status !== 201) throw new Error(`no ticket for ${party.customer}: ${await answer.text()}`);
    return (await answer.json()) as Ticket;
  }

  async stop(): Promise<void> {
    await this.#mongo.close();
    await this.api.stop();
    await this.issuer.goAway();
  }
}

const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');

/** A token that nobody signed. */
export function unsignedToken(issuer: TokenIssuer, sub: string): string {
  const exp = Math.floor(Date.now() / 1_000) + 300;
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ sub, iss: issuer.url, aud: audience, exp })}.`;
}
