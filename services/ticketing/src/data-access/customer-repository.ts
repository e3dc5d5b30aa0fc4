import { isDeepStrictEqual } from 'node:util';
import { isDuplicateKey, isWriteConflict, writeErrorsOf, type WriteError } from '@turno/mongo';
import type { KnownCustomer } from '@turno/shared';
import { Schema, type Connection } from 'mongoose';
import type { Customer, CustomerDirectory, PromotionsDecisions } from '../domain/customer.ts';

interface CustomerDocument {
  readonly _id: string;
  readonly idType?: string;
  readonly idNumber?: string;
  readonly phone?: string;
  readonly language: KnownCustomer['language'];
  readonly promotionsAllowed: boolean;
  /** Since when, where the customer said so by phone after the directory was last written. */
  readonly promotionsSince?: Date;
}

/** A customer as the directory has it. */
export interface DirectoryEntry extends KnownCustomer {
  /** Since when, where the customer said of promotions by phone what it has. */
  readonly promotions_since?: Date;
}

/** What became of customers that were put. */
export interface PutOutcome {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Those whose identity document another customer has, by their positions in the list. */
  readonly refused: readonly number[];
}

const uniqueDocument = 'one_customer_per_document';
/** A write that lost a race is tried again; it cannot lose many times, as hardly anybody else writes customers. */
const attempts = 10;

const schema = new Schema<CustomerDocument>(
  {
    _id: { type: String, required: true },
    idType: String,
    idNumber: String,
    phone: String,
    language: { type: String, required: true },
    promotionsAllowed: { type: Boolean, required: true },
    promotionsSince: Date,
  },
  { strict: 'throw', versionKey: false, collection: 'customers' },
);
// Type first: an index of the same fields in the other order, not unique, was there before and may still be.
schema.index(
  { idType: 1, idNumber: 1 },
  { name: uniqueDocument, unique: true, partialFilterExpression: { idNumber: { $exists: true } } },
);
schema.index({ phone: 1 }, { name: 'by_phone', sparse: true });

export type CustomerModel = ReturnType<typeof customerModel>;

export function customerModel(connection: Connection) {
  return connection.model('Customer', schema);
}

export class CustomerRepository implements CustomerDirectory, PromotionsDecisions {
  readonly #model: CustomerModel;

  constructor(model: CustomerModel) {
    this.#model = model;
  }

  async byId(id: string): Promise<Customer | undefined> {
    return toCustomer(await this.#model.findById(id).lean());
  }

  async byNumber(idType: string, idNumber: string): Promise<Customer | undefined> {
    return toCustomer(await this.#model.findOne({ idNumber, idType }).lean());
  }

  async decidePromotions({ phone, allowed, since }: { phone: string; allowed: boolean; since: Date }): Promise<number> {
    const notNewer = [{ promotionsSince: { $exists: false } }, { promotionsSince: { $lte: since } }];
    const decision = { promotionsAllowed: allowed, promotionsSince: since };
    const { modifiedCount } = await this.#model.updateMany({ phone, $or: notNewer }, { $set: decision });
    return modifiedCount;
  }

  /** All that the directory knows of a customer. */
  async entry(id: string): Promise<DirectoryEntry | undefined> {
    return toEntry(await this.#model.findById(id).lean());
  }

  async entryOfDocument(idType: string, idNumber: string): Promise<DirectoryEntry | undefined> {
    return toEntry(await this.#model.findOne({ idNumber, idType }).lean());
  }

  /** Removes a customer from the directory; false when there is none of that id. */
  async remove(id: string): Promise<boolean> {
    return (await this.#model.deleteOne({ _id: id })).deletedCount === 1;
  }

  /**
   * Adds customers and overwrites those whose id is known, one after the other: of two with one id the last wins. Those
   * who are known just so are not written. Safe to repeat. A list is one round trip or two, so a thousand is a good size.
   */
  async put(customers: readonly KnownCustomer[]): Promise<PutOutcome> {
    const { positions, ...counts } = await this.#compare(customers);
    const writes = positions.map(({ position, isNew }) => ({
      position,
      isNew,
      document: toDocument(customers[position]!),
    }));
    const refused = await this.#write(writes);
    const isRefused = new Set(refused);
    const added = writes.filter(({ position, isNew }) => isNew && !isRefused.has(position)).length;
    return { added, changed: writes.length - refused.length - added, unchanged: counts.unchanged, refused };
  }

  /** What a put would do, apart from refusals. */
  async preview(customers: readonly KnownCustomer[]): Promise<Omit<PutOutcome, 'refused'>> {
    const { positions, unchanged } = await this.#compare(customers);
    const added = positions.filter(({ isNew }) => isNew).length;
    return { added, changed: positions.length - added, unchanged };
  }

  async #compare(customers: readonly KnownCustomer[]) {
    const ids = [...new Set(customers.map(({ id }) => id))];
    const found = await this.#model
      .find({ _id: { $in: ids } })
      .batchSize(ids.length + 1)
      .lean();
    const known = new Map<string, CustomerDocument>(found.map((document) => [document._id, document]));
    const positions: { position: number; isNew: boolean }[] = [];
    for (const [position, customer] of customers.entries()) {
      const document = toDocument(customer);
      const before = known.get(document._id);
      if (isDeepStrictEqual(before, document)) continue;
      positions.push({ position, isNew: before === undefined });
      known.set(document._id, document);
    }
    return { positions, unchanged: customers.length - positions.length };
  }

  /** @returns the positions of those that the unique document refuses */
  async #write(writes: readonly { position: number; document: CustomerDocument }[]): Promise<number[]> {
    const refused: number[] = [];
    let rest = writes;
    for (let attempt = 1; rest.length > 0; attempt++) {
      const lost: (typeof rest)[number][] = [];
      for (const error of await this.#replaceAll(rest.map(({ document }) => document))) {
        const write = rest[error.index]!;
        if (isDuplicateKey(error, uniqueDocument)) refused.push(write.position);
        else if (attempt < attempts && (isDuplicateKey(error) || isWriteConflict(error))) lost.push(write);
        else throw new Error(`the database refused customer ${write.document._id}: ${error.errmsg}`);
      }
      rest = lost;
    }
    return refused.toSorted((a, b) => a - b);
  }

  /**
   * Unordered means that a refusal stops nothing; servers do take the entries in their order.
   *
   * @returns the entries that were refused, by their positions
   */
  async #replaceAll(documents: readonly CustomerDocument[]): Promise<readonly WriteError[]> {
    try {
      const { db, collection } = this.#model;
      // The driver itself: mongoose would cast each entry, which takes longer than all the rest of an import.
      await db.collection<CustomerDocument>(collection.collectionName).bulkWrite(
        documents.map((document) => ({
          replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true },
        })),
        { ordered: false },
      );
      return [];
    } catch (error) {
      const errors = writeErrorsOf(error);
      if (errors.length === 0) throw error;
      return errors;
    }
  }
}

function toDocument({ id, id_type, id_number, phone, language, promotions }: KnownCustomer): CustomerDocument {
  return {
    _id: id,
    language,
    promotionsAllowed: promotions,
    ...(id_type !== undefined && { idType: id_type }),
    ...(id_number !== undefined && { idNumber: id_number }),
    ...(phone !== undefined && { phone }),
  };
}

function toCustomer(document: CustomerDocument | null): Customer | undefined {
  if (!document) return undefined;
  const { _id, phone, language, promotionsAllowed } = document;
  return { id: _id, phone, language, promotionsAllowed };
}

function toEntry(document: CustomerDocument | null): DirectoryEntry | undefined {
  if (!document) return undefined;
  const { _id: id, idType, idNumber, phone, language, promotionsAllowed: promotions, promotionsSince } = document;
  return {
    id,
    ...(idType !== undefined && { id_type: idType }),
    ...(idNumber !== undefined && { id_number: idNumber }),
    ...(phone !== undefined && { phone }),
    language,
    promotions,
    ...(promotionsSince && { promotions_since: promotionsSince }),
  };
}
