import type { Model } from 'mongoose';

/** Makes the indexes that the schemas declare, where they are not there yet. Drops nothing. */
export async function createIndexes(models: readonly Model<never>[]): Promise<void> {
  for (const model of models) {
    await model.createCollection();
    await model.createIndexes();
  }
}

/**
 * Sees that the database has every index that the schemas declare; a service calls it before it serves.
 *
 * @throws naming those that are missing, and what to do
 */
export async function assertMigrated(models: readonly Model<never>[]): Promise<void> {
  const missing = await missingIndexes(models);
  if (missing.length > 0) throw new Error(`the database lacks ${missing.join(', ')}: run turno migrate`);
}

/** The declared indexes that the database does not have, as `collection.index`. */
export async function missingIndexes(models: readonly Model<never>[]): Promise<string[]> {
  const missing = await Promise.all(
    models.map(async (model) => {
      const present = await existingIndexNames(model);
      return declaredIndexNames(model)
        .filter((name) => !present.has(name))
        .map((name) => `${model.collection.collectionName}.${name}`);
    }),
  );
  return missing.flat();
}

/** How a database's indexes differ from those that the schemas declare; each as `collection.index`. */
export interface IndexDifferences {
  readonly missing: readonly string[];
  /** There by name, with other fields or options than declared. */
  readonly different: readonly string[];
  /** Not declared: somebody made them by hand, or an earlier version did. */
  readonly unexpected: readonly string[];
}

/** Compares names, fields and options; changes nothing. */
export async function indexDifferences(models: readonly Model<never>[]): Promise<IndexDifferences> {
  const each = await Promise.all(models.map(differencesOf));
  const all = (kind: keyof IndexDifferences) => each.flatMap((differences) => differences[kind]);
  return { missing: all('missing'), different: all('different'), unexpected: all('unexpected') };
}

async function differencesOf(model: Model<never>): Promise<IndexDifferences> {
  const [{ toDrop }, missing] = await Promise.all([model.diffIndexes(), missingIndexes([model])]);
  const declared = new Set(declaredIndexNames(model));
  const named = (names: readonly string[]) => names.map((name) => `${model.collection.collectionName}.${name}`);
  return {
    missing,
    different: named(toDrop.filter((name: string) => declared.has(name))),
    unexpected: named(toDrop.filter((name: string) => !declared.has(name))),
  };
}

function declaredIndexNames(model: Model<never>): string[] {
  return model.schema.indexes().map(([fields, options]) => options.name ?? defaultName(fields));
}

function defaultName(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([field, direction]) => `${field}_${String(direction)}`)
    .join('_');
}

async function existingIndexNames(model: Model<never>): Promise<Set<string>> {
  try {
    const indexes = (await model.listIndexes()) as { name: string }[];
    return new Set(indexes.map(({ name }) => name));
  } catch (error) {
    if ((error as { codeName?: string }).codeName === 'NamespaceNotFound') return new Set();
    throw error;
  }
}
