import { catalogue, ContractViolation, type Catalogue } from '@turno/shared';
import { Schema, type Connection } from 'mongoose';

interface CatalogueDocument {
  readonly _id: 'current';
  /** Changes with every import; running services compare it to see whether to load again. */
  readonly version: string;
  readonly content: Catalogue;
  /** Not there where an earlier version imported it. */
  readonly importedAt?: Date;
}

/** The catalogue in force. */
export interface StoredCatalogue {
  readonly version: string;
  readonly content: Catalogue;
  /** Undefined where an earlier version of Turno imported it. */
  readonly importedAt: Date | undefined;
}

const schema = new Schema<CatalogueDocument>(
  {
    _id: { type: String, required: true },
    version: { type: String, required: true },
    content: { type: Schema.Types.Mixed, required: true },
    importedAt: Date,
  },
  { strict: 'throw', versionKey: false, collection: 'catalogue', minimize: false },
);

export type CatalogueModel = ReturnType<typeof catalogueModel>;

export function catalogueModel(connection: Connection) {
  return connection.model('Catalogue', schema);
}

/** The catalogue is one document: replaced whole, in one write, so that no reader ever sees half of a change. */
export class CatalogueRepository {
  readonly #model: CatalogueModel;

  constructor(model: CatalogueModel) {
    this.#model = model;
  }

  /** The version that is in force, undefined before the first import. */
  async currentVersion(): Promise<string | undefined> {
    const document = await this.#model.findById('current', { version: 1 }).lean();
    return document?.version;
  }

  /**
   * @returns undefined before the first import
   * @throws ContractViolation when another version of Turno wrote what this one cannot read
   */
  async load(): Promise<StoredCatalogue | undefined> {
    const document = await this.#model.findById('current').lean();
    if (!document) return undefined;
    const content = catalogue.safeParse(document.content);
    if (!content.success) throw new ContractViolation('the stored catalogue is off', { cause: content.error });
    return { version: document.version, content: content.data, importedAt: document.importedAt };
  }

  async replace(content: Catalogue, version: string, importedAt?: Date): Promise<void> {
    await this.#model.replaceOne({ _id: 'current' }, { version, content, importedAt }, { upsert: true });
  }
}
