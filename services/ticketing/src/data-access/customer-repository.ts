import type { KnownCustomer } from '@turno/shared';
import { Schema, type Connection } from 'mongoose';
import type { Customer, CustomerDirectory } from '../domain/customer.ts';

interface CustomerDocument {
  readonly _id: string;
  readonly idType?: string;
  readonly idNumber?: string;
  readonly phone?: string;
  readonly language: KnownCustomer['language'];
  readonly promotionsAllowed: boolean;
}

const schema = new Schema<CustomerDocument>(
  {
    _id: { type: String, required: true },
    idType: String,
    idNumber: String,
    phone: String,
    language: { type: String, required: true },
    promotionsAllowed: { type: Boolean, required: true },
  },
  { strict: 'throw', versionKey: false, collection: 'customers' },
);
schema.index({ idNumber: 1, idType: 1 }, { name: 'by_identity_document' });

export type CustomerModel = ReturnType<typeof customerModel>;

export function customerModel(connection: Connection) {
  return connection.model('Customer', schema);
}

export class CustomerRepository implements CustomerDirectory {
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

  /** Adds customers and overwrites those whose id is known. */
  async put(customers: readonly KnownCustomer[]): Promise<void> {
    if (customers.length === 0) return;
    await this.#model.bulkWrite(
      customers.map(({ id, id_type, id_number, phone, language, promotions }) => ({
        replaceOne: {
          filter: { _id: id },
          replacement: {
            _id: id,
            language,
            promotionsAllowed: promotions,
            ...(id_type !== undefined && { idType: id_type }),
            ...(id_number !== undefined && { idNumber: id_number }),
            ...(phone !== undefined && { phone }),
          },
          upsert: true,
        },
      })),
      { ordered: false, throwOnValidationError: true },
    );
  }
}

function toCustomer(document: CustomerDocument | null): Customer | undefined {
  if (!document) return undefined;
  const { _id, phone, language, promotionsAllowed } = document;
  return { id: _id, phone, language, promotionsAllowed };
}
