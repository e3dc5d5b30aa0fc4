/** One step down a description: a keyword and, where there are several below it, which one. */
export interface Step {
  readonly keyword: string;
  readonly name?: string;
}

/** A change below an operation, in the terms of api-smart-diff. */
export interface Change {
  readonly action: string;
  readonly steps: readonly Step[];
  readonly before: unknown;
  readonly after: unknown;
  /** The library's own verdict. */
  readonly isBreaking: boolean;
}

/** Keywords with names or numbers below them, so that a property that is called `type` is not taken for a keyword. */
const withNames = new Set(
  ['responses', 'content', 'headers', 'parameters', 'properties', 'patternProperties', 'dependentSchemas'].concat([
    'type',
    'enum',
    'required',
    'anyOf',
    'oneOf',
    'allOf',
    'prefixItems',
    'examples',
    'tags',
    'security',
    'servers',
  ]),
);

/** @param path what is left of a path after the operation */
export function stepsOf(path: readonly PropertyKey[]): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < path.length; i++) {
    const keyword = String(path[i]);
    const name = withNames.has(keyword) ? path[++i] : undefined;
    steps.push(name === undefined ? { keyword } : { keyword, name: String(name) });
  }
  return steps;
}

/** Where a change is, for people: `response 200, application/json, branch, code`. */
export function placeOf(steps: readonly Step[]): string {
  const words = steps.map(({ keyword, name }) => {
    if (keyword === 'requestBody') return 'request body';
    if (keyword === 'schema' || (keyword === 'content' && name === undefined)) return '';
    if (name === undefined) return keyword;
    if (keyword === 'content' || keyword === 'properties') return name;
    return ['responses', 'headers', 'parameters'].includes(keyword) ? `${keyword.slice(0, -1)} ${name}` : keyword;
  });
  return words.filter(Boolean).join(', ');
}
