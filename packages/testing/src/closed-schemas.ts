type Schema = Readonly<Record<string, unknown>>;
type Change = (schema: unknown) => unknown;

const annotations = new Set(['$comment', 'title', 'description', 'example', 'examples', 'deprecated', 'default']);

/** What to do with the schemas below a keyword. One that is not here has none, or none that could let a property in. */
const below: ReadonlyMap<string, Change> = new Map<string, Change>([
  // These judge parts of the instance: its properties, its items.
  ...['additionalProperties', 'items', 'unevaluatedItems'].map((keyword) => [keyword, closed] as const),
  ...['properties', 'patternProperties', 'prefixItems'].map((keyword) => [keyword, each(closed)] as const),
  // These judge the instance that the schema itself judges.
  ...['if', 'then', 'else'].map((keyword) => [keyword, closedBelow] as const),
  ...['allOf', 'anyOf', 'oneOf', 'dependentSchemas'].map((keyword) => [keyword, each(closedBelow)] as const),
]);

/**
 * A copy of a schema that takes no property which it does not document, here or further down. What it says about the
 * rest of the properties (`additionalProperties`) stays in force, and a schema that says nothing still takes anything.
 *
 * `unevaluatedProperties` sees through references and `allOf`, so it goes to every place where an instance is judged,
 * and to none of the schemas that only take part in judging it.
 */
export function closed(schema: unknown): unknown {
  if (!isObject(schema) || Object.keys(schema).every((keyword) => annotations.has(keyword))) return schema;
  return { unevaluatedProperties: false, ...(closedBelow(schema) as Schema) };
}

/** The same for a schema that others refer to: closed further down, and left open itself for what else they say. */
export function closedBelow(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, below.get(keyword)?.(value) ?? value]),
  );
}

/** Changes each schema of a list, or of an object of schemas. */
export function each(change: Change): Change {
  return (schemas) => {
    if (Array.isArray(schemas)) return schemas.map(change);
    if (!isObject(schemas)) return schemas;
    return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]));
  };
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
