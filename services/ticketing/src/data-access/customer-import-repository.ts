import { Schema, type Connection } from 'mongoose';

/** How far an import of a customers file has come: everything up to and including `line` is done for good. */
export interface CustomerImport {
  readonly line: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly rejected: number;
}

/** A row that did not go in. */
export interface RejectedRow {
  readonly line: number;
  readonly reason: string;
}

interface CustomerImportDocument extends CustomerImport {
  /** The digest of the file's content, so that a changed file begins anew. */
  readonly _id: string;
  readonly file: string;
  readonly savedAt: Date;
}

interface RejectedRowDocument extends RejectedRow {
  readonly import: string;
}

/** Why a row does not go in whose identity document another customer has. */
export function takenDocument(idType: string, idNumber: string): string {
  return `id_number: another customer has the identity document ${idType} ${idNumber}`;
}

const wholeNumber = { type: Number, required: true } as const;
const importSchema = new Schema<CustomerImportDocument>(
  {
    _id: { type: String, required: true },
    file: { type: String, required: true },
    savedAt: { type: Date, required: true },
    line: wholeNumber,
    added: wholeNumber,
    changed: wholeNumber,
    unchanged: wholeNumber,
    rejected: wholeNumber,
  },
  { strict: 'throw', versionKey: false, collection: 'customer_imports' },
);
const rejectSchema = new Schema<RejectedRowDocument>(
  { import: { type: String, required: true }, line: wholeNumber, reason: { type: String, required: true } },
  { strict: 'throw', versionKey: false, collection: 'customer_import_rejects' },
);
rejectSchema.index({ import: 1, line: 1 }, { unique: true, name: 'one_reject_per_line' });

export function customerImportModel(connection: Connection) {
  return connection.model('CustomerImport', importSchema);
}

export function rejectedRowModel(connection: Connection) {
  return connection.model('CustomerImportReject', rejectSchema);
}

/** Where unfinished imports of customers files have come to, so that the same command continues them. */
export class CustomerImportRepository {
  readonly #imports: ReturnType<typeof customerImportModel>;
  readonly #rejects: ReturnType<typeof rejectedRowModel>;

  constructor(connection: Connection) {
    this.#imports = customerImportModel(connection);
    this.#rejects = rejectedRowModel(connection);
  }

  /**
   * Where an earlier import of this very content stopped. Rejects of later lines are forgotten: those lines come again.
   *
   * @returns undefined when there is none, or it was finished
   */
  async resume(digest: string): Promise<CustomerImport | undefined> {
    const earlier = await this.#imports.findById(digest).lean();
    await this.#rejects.deleteMany({ import: digest, line: { $gt: earlier?.line ?? 0 } });
    if (!earlier) return undefined;
    const { line, added, changed, unchanged, rejected } = earlier;
    return { line, added, changed, unchanged, rejected };
  }

  /** Keeps the rejects of a batch first, then how far the import is: a crash in between repeats the batch. */
  async save(
    { digest, file }: { digest: string; file: string },
    reached: CustomerImport,
    rejects: readonly RejectedRow[],
  ): Promise<void> {
    if (rejects.length > 0) {
      await this.#rejects.bulkWrite(
        rejects.map(({ line, reason }) => ({
          replaceOne: {
            filter: { import: digest, line },
            replacement: { import: digest, line, reason },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    }
    await this.#imports.replaceOne({ _id: digest }, { file, savedAt: new Date(), ...reached }, { upsert: true });
  }

  /** All rows that did not go in, in the file's order, also those of the time before an interruption. */
  async *rejects(digest: string): AsyncGenerator<RejectedRow> {
    const cursor = this.#rejects.find({ import: digest }).sort({ line: 1 }).batchSize(1_000).lean().cursor();
    for await (const { line, reason } of cursor) yield { line, reason };
  }

  /** Rows of unfinished imports that did not go in because somebody has this identity document: their reason names it. */
  async rejectsNaming(idType: string, idNumber: string): Promise<number> {
    return this.#rejects.countDocuments({ reason: takenDocument(idType, idNumber) });
  }

  async forgetRejectsNaming(idType: string, idNumber: string): Promise<number> {
    return (await this.#rejects.deleteMany({ reason: takenDocument(idType, idNumber) })).deletedCount;
  }

  /** The import is finished, or is to begin anew. */
  async forget(digest: string): Promise<void> {
    await this.#imports.deleteOne({ _id: digest });
    await this.#rejects.deleteMany({ import: digest });
  }
}
