/** An OpenAPI 3.1 document as a plain object, whichever library made it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths?: object | undefined;
  readonly components?: object | undefined;
}

/** A part of a document, and where it is: a JSON pointer, its segments escaped. */
export interface Located<T> {
  readonly pointer: string;
  readonly value: T;
}

export interface MediaType {
  readonly schema?: object | boolean;
}

export interface Header {
  readonly required?: boolean;
  readonly schema?: object | boolean;
}

export interface ApiResponse {
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface Operation {
  readonly responses?: Readonly<Record<string, ApiResponse>>;
}

export type PathItem = Readonly<Record<string, Operation>>;

const escaped = (segment: string) => segment.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (segment: string) => segment.replaceAll('~1', '/').replaceAll('~0', '~');

/** The parts of a document, by where they are. References are followed, so that a pointer leads to the part itself. */
export class DocumentParts {
  readonly #document: OpenApiDocument;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  /** What a pointer leads to, or undefined. */
  at<T>(pointer: string): Located<T> | undefined {
    const segments = pointer.split('/').slice(1).map(unescaped);
    const value = segments.reduce<unknown>((node, segment) => childOf(node, segment), this.#document);
    return value === undefined ? undefined : this.#followed({ pointer, value });
  }

  /** A part of a part, or undefined. */
  below<T>({ pointer }: Located<unknown>, ...path: readonly string[]): Located<T> | undefined {
    return this.at<T>([pointer, ...path.map(escaped)].join('/'));
  }

  #followed<T>({ pointer, value }: Located<unknown>): Located<T> {
    const reference = childOf(value, '$ref');
    if (typeof reference !== 'string') return { pointer, value: value as T };
    const target = reference.startsWith('#/') ? this.at<T>(decodeURIComponent(reference.slice(1))) : undefined;
    if (!target) throw new Error(`the document has no ${reference}, which ${pointer} refers to`);
    return target;
  }
}

function childOf(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key)
    ? (node as Record<string, unknown>)[key]
    : undefined;
}
