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
