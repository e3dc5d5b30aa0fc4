import {
  DocumentParts,
  type ApiResponse,
  type Header,
  type Located,
  type MediaType,
  type OpenApiDocument,
  type Operation,
} from './openapi-document.ts';
import { Operations } from './operations.ts';
import { SchemaChecks } from './schema-checks.ts';

/** A response and what it answers. */
export interface Exchange {
  /** Of the request, in any case. */
  readonly method: string;
  /** Of the request, as it was sent; a query does not matter. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers | Readonly<Record<string, string>>;
  /** The text of the response. */
  readonly body: string;
}

export interface Conformance {
  /** @throws when the response is not one that the document publishes; the message says what is wrong with it */
  readonly check: (exchange: Exchange) => void;
}

const whateverThePath: ReadonlySet<number> = new Set([414, 431]);

/**
 * Holds responses against an OpenAPI 3.1 document: status, media type, headers and body must be documented for the
 * operation, and nothing may be in a body that is not. A path that is not in the document must be answered 404, a method
 * that its path does not have 405 with `Allow`, both with the component schema `Error`; but for 414 and 431, which are
 * answered before anybody looks where a request goes. A HEAD is a GET without a body.
 */
export function conformance(document: OpenApiDocument): Conformance {
  const responses = new Responses(document);
  return {
    check(exchange) {
      const complaints = responses.complaintsAbout({ ...exchange, headers: new Headers(exchange.headers) });
      if (complaints.length === 0) return;
      const { method, path, status, body } = exchange;
      const list = complaints.map((complaint) => `  - ${complaint}`).join('\n');
      throw new Error(
        `the answer ${status} to ${method.toUpperCase()} ${path} is not what the API description publishes:\n${list}\n` +
          `the body was: ${body.length > 1_000 ? `${body.slice(0, 1_000)} …` : body || '(empty)'}`,
      );
    },
  };
}

const errorContent = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

interface Answer extends Exchange {
  readonly headers: Headers;
}

class Responses {
  readonly #parts: DocumentParts;
  readonly #operations: Operations;
  readonly #bodies: SchemaChecks;
  readonly #headers: SchemaChecks;

  constructor(document: OpenApiDocument) {
    this.#parts = new DocumentParts(document);
    this.#operations = new Operations(document);
    this.#bodies = new SchemaChecks(document);
    // A header is text: `15` is an integer there.
    this.#headers = new SchemaChecks(document, { coerceTypes: true });
  }

  complaintsAbout(answer: Answer): string[] {
    const found = this.#operations.find(answer.method, answer.path.split('?')[0]!);
    switch (found.kind) {
      case 'operation':
        return this.#ofOperation(answer, found.operation);
      case 'no such path':
        if (whateverThePath.has(answer.status)) return this.#ofError(answer, answer.status, 'it is too large');
        return this.#ofError(answer, 404, 'the path is not in the description');
      case 'no such method':
        if (whateverThePath.has(answer.status)) return this.#ofError(answer, answer.status, 'it is too large');
        return [
          ...this.#ofError(answer, 405, 'the path does not have the method'),
          ...complaintsAboutAllow(answer.headers.get('allow'), found.methods),
        ];
    }
  }

  #ofOperation(answer: Answer, operation: Located<Operation>): string[] {
    const known = Object.keys(operation.value.responses ?? {});
    const key = [String(answer.status), `${String(answer.status)[0]}XX`, 'default'].find((name) =>
      known.includes(name),
    );
    if (!key) return [`the status is none of those documented: ${known.join(', ')}`];
    const response = this.#parts.below<ApiResponse>(operation, 'responses', key)!;
    return [...this.#ofHeaders(answer, response), ...this.#ofContent(answer, response.value.content ?? {})];
  }

  #ofError(answer: Answer, status: number, why: string): string[] {
    if (answer.status !== status) return [`${why}, so the status must be ${status}`];
    return this.#ofContent(answer, errorContent);
  }

  #ofHeaders({ headers }: Answer, response: Located<ApiResponse>): string[] {
    const names = Object.keys(response.value.headers ?? {}).filter((name) => name.toLowerCase() !== 'content-type');
    return names.flatMap((name) => {
      const { required = false, schema = true } = this.#parts.below<Header>(response, 'headers', name)!.value;
      const text = headers.get(name);
      if (text === null) return required ? [`the header ${name} is missing`] : [];
      return this.#headers
        .complaintsAbout(schema, text)
        .map((complaint) => `the header ${name} is "${text}": ${complaint}`);
    });
  }

  #ofContent({ method, headers, body }: Answer, content: Readonly<Record<string, MediaType>>): string[] {
    const contentType = headers.get('content-type');
    const documented = Object.keys(content);
    const isHead = method.toUpperCase() === 'HEAD';
    if (isHead && body !== '') return ['an answer to HEAD has no body'];
    if (documented.length === 0) return body === '' ? [] : ['no body is documented for this status'];
    if (contentType === null && isHead) return [];
    const range = documented.find((name) => covers(name, contentType ?? ''));
    if (!range) return [`the content type is ${contentType ?? 'missing'}, documented are ${documented.join(', ')}`];
    if (isHead) return [];
    return this.#ofBody(mediaTypeOf(contentType!), content[range]!.schema ?? true, body);
  }

  #ofBody(mediaType: string, schema: object | boolean, body: string): string[] {
    if (!/[/+]json$/.test(mediaType)) return this.#bodies.complaintsAbout(schema, body);
    try {
      return this.#bodies.complaintsAbout(schema, JSON.parse(body)).map((complaint) => `in the body, ${complaint}`);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return [`the body is not JSON: ${error.message}`];
    }
  }
}

/** `Allow` names the documented methods and no others; HEAD may stand beside a GET. */
function complaintsAboutAllow(allow: string | null, methods: readonly string[]): string[] {
  if (allow === null) return ['the header Allow is missing'];
  const allowed = allow.split(',').map((method) => method.trim());
  const expected = new Set(methods);
  const surplus = allowed.filter((method) => !expected.has(method) && !(method === 'HEAD' && expected.has('GET')));
  const missing = methods.filter((method) => !allowed.includes(method));
  if (surplus.length === 0 && missing.length === 0) return [];
  return [`the header Allow is "${allow}", and the path has ${methods.join(', ')}`];
}

function mediaTypeOf(contentType: string): string {
  return contentType.split(';')[0]!.trim().toLowerCase();
}

function covers(documented: string, contentType: string): boolean {
  const range = mediaTypeOf(documented);
  const mediaType = mediaTypeOf(contentType);
  if (range === '*/*') return mediaType !== '';
  return range.endsWith('/*') ? mediaType.startsWith(range.slice(0, -1)) : mediaType === range;
}
