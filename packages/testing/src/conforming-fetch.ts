import { conformance } from './conformance.ts';
import { fetchOnce } from './fetch-once.ts';
import type { OpenApiDocument } from './openapi-document.ts';

/**
 * A `fetch` for an API at `baseUrl`, to which a text may be relative, that holds every response against its OpenAPI document
 * before it hands it over, unread. Each request has a connection of its own. A redirect is an answer like any other and is not followed.
 *
 * @throws (rejects) as `conformance(document).check` does
 */
export function conformingFetch(document: OpenApiDocument, baseUrl: string): typeof fetch {
  const { check } = conformance(document);
  return async (input, init) => {
    const target = typeof input === 'string' ? new URL(input, baseUrl) : input;
    const request = new Request(target, { redirect: 'manual', ...init });
    const response = await fetchOnce(request);
    const bytes = await response.arrayBuffer();
    const { status, statusText, headers } = response;
    const path = new URL(request.url).pathname;
    check({ method: request.method, path, status, headers, body: new TextDecoder().decode(bytes) });
    return new Response(bytes.byteLength > 0 ? bytes : null, { status, statusText, headers });
  };
}
