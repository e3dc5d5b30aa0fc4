import { Schema, type Connection } from 'mongoose';
import type { ApiKey, ApiKeyStore } from '../domain/api-key-store.ts';

interface ApiKeyDocument extends Omit<ApiKey, 'id'> {
  readonly _id: string;
}

const schema = new Schema<ApiKeyDocument>(
  {
    _id: { type: String, required: true },
    hash: { type: String, required: true },
    channel: { type: String, required: true },
    name: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: Date,
    revokedAt: Date,
  },
  { strict: 'throw', versionKey: false, collection: 'api_keys' },
);

const notRevoked = { revokedAt: { $exists: false } };
/** Neither revoked nor expired. */
const validAt = (now: Date) => ({
  ...notRevoked,
  $or: [{ expiresAt: { $exists: false } }, { expiresAt: { $gt: now } }],
});

export type ApiKeyModel = ReturnType<typeof apiKeyModel>;

/** A network has some tens of keys: they need no index. */
export function apiKeyModel(connection: Connection) {
  return connection.model('ApiKey', schema);
}

export class ApiKeyRepository implements ApiKeyStore {
  readonly #model: ApiKeyModel;

  constructor(model: ApiKeyModel) {
    this.#model = model;
  }

  async add({ id, ...rest }: ApiKey): Promise<void> {
    await this.#model.insertMany([{ _id: id, ...rest }]);
  }

  async find(id: string): Promise<ApiKey | undefined> {
    const document = await this.#model.findOne({ _id: id }).lean();
    return document ? toApiKey(document) : undefined;
  }

  /** All, the oldest first, also those that hold no more. */
  async all(): Promise<ApiKey[]> {
    return (await this.#model.find().sort({ createdAt: 1, _id: 1 }).lean()).map(toApiKey);
  }

  async valid(now: Date): Promise<ApiKey[]> {
    return (await this.#model.find(validAt(now)).lean()).map(toApiKey);
  }

  /** @returns false when there is no such key, or it is revoked already */
  async revoke(id: string, now: Date): Promise<boolean> {
    const { matchedCount } = await this.#model.updateOne({ _id: id, ...notRevoked }, { $set: { revokedAt: now } });
    return matchedCount === 1;
  }

  /** Has a key expire at that time, unless it does so earlier anyway. */
  async expire(id: string, at: Date): Promise<void> {
    await this.#model.updateOne({ _id: id, ...validAt(at) }, { $set: { expiresAt: at } });
  }

  /**
   * Removes keys that were revoked or expired before that time.
   *
   * @returns how many
   */
  async deleteEnded(before: Date): Promise<number> {
    const ended = { $or: [{ revokedAt: { $lt: before } }, { expiresAt: { $lt: before } }] };
    return (await this.#model.deleteMany(ended)).deletedCount;
  }
}

function toApiKey({ _id: id, hash, channel, name, createdAt, expiresAt, revokedAt }: ApiKeyDocument): ApiKey {
  return { id, hash, channel, name, createdAt, expiresAt, revokedAt };
}
