import {
  DocumentParts,
  type Located,
  type OpenApiDocument,
  type Operation,
  type PathItem,
} from './openapi-document.ts';

/** What a document says about a method and a path. */
export type Found =
  | { readonly kind: 'operation'; readonly operation: Located<Operation> }
  | { readonly kind: 'no such path' }
  /** The methods it has, in upper case. */
  | { readonly kind: 'no such method'; readonly methods: readonly string[] };

interface Route {
  /** The template's segments, null for one with a parameter in it. */
  readonly segments: readonly (string | null)[];
  readonly item: Located<PathItem>;
}

const knownMethods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Finds the operations of a document. Where several templates fit a path, the one with the fewest parameters does. */
export class Operations {
  readonly #parts: DocumentParts;
  readonly #routes: readonly Route[];

  constructor(document: OpenApiDocument) {
    this.#parts = new DocumentParts(document);
    const paths = this.#parts.at<Record<string, PathItem>>('/paths') ?? { pointer: '/paths', value: {} };
    this.#routes = Object.keys(paths.value)
      .map((template) => routeOf(template, this.#parts.below<PathItem>(paths, template)!))
      .toSorted((a, b) => parametersOf(a) - parametersOf(b));
  }

  /** The operation for a request; a HEAD that has none of its own is a GET. */
  find(method: string, path: string): Found {
    const route = this.#routes.find((candidate) => fits(candidate, path.split('/')));
    if (!route) return { kind: 'no such path' };
    const operation =
      this.#parts.below<Operation>(route.item, method.toLowerCase()) ??
      (method.toUpperCase() === 'HEAD' ? this.#parts.below<Operation>(route.item, 'get') : undefined);
    if (operation) return { kind: 'operation', operation };
    const documented = knownMethods.filter((name) => Object.hasOwn(route.item.value, name));
    return { kind: 'no such method', methods: documented.map((name) => name.toUpperCase()) };
  }
}

function routeOf(template: string, item: Located<PathItem>): Route {
  return { segments: template.split('/').map((segment) => (segment.includes('{') ? null : segment)), item };
}

function parametersOf({ segments }: Route): number {
  return segments.filter((segment) => segment === null).length;
}

function fits({ segments }: Route, path: readonly string[]): boolean {
  return (
    segments.length === path.length &&
    segments.every((segment, i) => (segment === null ? path[i] !== '' : segment === path[i]))
  );
}
