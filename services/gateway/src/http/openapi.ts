import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { documentedErrors, errorNames, type DocumentedErrorName } from './documented-errors.ts';
import type { Route, Tag } from './route.ts';
import { routes } from './routes.ts';

const errorPages = 'https://turno.example/docs/errors/';

const tags: Record<Tag, string> = {
  Tickets: "A customer's place in a queue.",
  Branches: 'Places with counters, opening hours and queues, and the sectors within them.',
  Services: 'What customers come for.',
};

const description = `
Takes turns at the branches of a network: banks, clinics, public offices.

- Every response has an \`X-Request-Id\`: the caller's own, when it is sane, else one of ours.
- \`Authorization: Bearer\` shows who calls, where authentication is on: a channel by its API key, a customer by a token.
- Every error has a \`message\`, a \`code\` and, in \`more_info\`, the address of a page that says what to do.
- Creating is safe to repeat under an \`Idempotency-Key\`.
- Requests are limited by address, API key and customer; every answer says in \`RateLimit\` how many are left of each limit.
- Any 503 says in \`Retry-After\` when to come again. Unknown fields and parameters are ignored.`.trim();

/** Both come in the same header; the gateway's AUTH says which of them are taken. */
const securitySchemes = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'turno_{id}_{secret}',
    description: 'An API key of a channel: for the tickets that the channel takes, whoever they are for.',
  },
  customerToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "A token of the network's OpenID Connect issuer: for the tickets of the customer it was given to.",
  },
} as const;

const error = z
  .object({
    message: oneOf(errorNames, 'message').meta({ description: 'Clients may match on it.' }),
    code: oneOf(errorNames, 'code').meta({ description: 'Names the error for good.' }),
    more_info: z.url().meta({ description: "The error's page." }),
  })
  .meta({ id: 'Error', description: 'What every answer that is not a 2xx carries.' });

function oneOf(names: readonly DocumentedErrorName[], property: 'message' | 'code') {
  return z.enum([...new Set<string>(names.map((name) => documentedErrors[name][property]))]);
}

const requestId = z.string().meta({
  description: 'Follows the request through every service and log line.',
  examples: ['3f8a1c0e9b7d5a42'],
});

/** The API described in OpenAPI 3.1, from the very definitions that serve it. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Turno Customer API',
      version: '1.0.0',
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The gateway that serves this description.' }],
    // The first: where authentication is off.
    security: [{}, { apiKey: [] }, { customerToken: [] }],
    tags: Object.entries(tags).map(([name, text]) => ({ name, description: text })),
    paths: paths(),
    components: { schemas: { Error: error }, securitySchemes },
  });
}

function paths() {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, ofPath]) => [
      path,
      Object.fromEntries(ofPath.map((route) => [route.method, operationOf(route)])),
    ]),
  );
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { operationId, tag, summary, description: text, params, query, headers, body, bodyExample } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    description: text,
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      header: z.object({ 'X-Request-Id': requestId.max(128).optional(), ...inTitleCase(headers?.shape ?? {}) }),
    },
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: body, example: bodyExample } },
      },
    }),
    responses: { [route.success.status]: successOf(route), ...errorsOf(route) },
  };
}

function successOf({ success: { description: text, schema, headers, example } }: Route): ZodOpenApiResponseObject {
  return {
    description: text,
    headers: z.object({ 'X-Request-Id': requestId, ...headers?.shape }),
    ...(schema && { content: { 'application/json': { schema, example } } }),
  };
}

/** Every error that a route can answer, by status. */
function errorsOf({ errors, body, notFound }: Route): Record<string, ZodOpenApiResponseObject> {
  const ofBodies: DocumentedErrorName[] = ['INVALID_BODY', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
  const names: DocumentedErrorName[] = [
    ...errors,
    ...(body ? ofBodies : []),
    ...(notFound ? [notFound] : []),
    'MALFORMED_REQUEST',
    'AUTHENTICATION_REQUIRED',
    'INVALID_CREDENTIALS',
    'REQUEST_TIMEOUT',
    'URL_TOO_LONG',
    'HEADERS_TOO_LARGE',
    'TOO_MANY_REQUESTS',
    'INTERNAL',
    'UNAVAILABLE',
  ];
  const byStatus = Map.groupBy(names, (name) => String(documentedErrors[name].status));
  return Object.fromEntries([...byStatus].map(([status, ofStatus]) => [status, errorResponse(status, ofStatus)]));
}

function errorResponse(status: string, names: readonly DocumentedErrorName[]): ZodOpenApiResponseObject {
  const known = names.map((name) => documentedErrors[name]);
  const schema =
    status === '500' ? error : error.extend({ message: oneOf(names, 'message'), code: oneOf(names, 'code') });
  const examples = names.map((name): [string, { summary: string; value: object }] => [
    name,
    { summary: documentedErrors[name].whatHappened, value: bodyOf(name) },
  ]);
  return {
    description: known.map(({ message, code }) => `\`${code}\` ${message}`).join(' '),
    headers: z.object({
      'X-Request-Id': requestId,
      ...headersOf[status],
    }),
    content: { 'application/json': { schema, examples: Object.fromEntries(examples) } },
  };
}

const retryAfter = { 'Retry-After': z.int().min(1).meta({ description: 'Seconds to wait before another try.' }) };

const challenge = {
  'WWW-Authenticate': z.string().meta({ description: 'What is wrong with the credential, as RFC 6750 has it.' }),
};

/** What an answer of this status has beside its request id. */
const headersOf: Readonly<Record<string, z.ZodRawShape>> = {
  401: challenge,
  403: challenge,
  409: retryAfter,
  429: {
    ...retryAfter,
    RateLimit: z
      .string()
      .optional()
      .meta({ description: 'What is left of each limit, and until when: draft 8 of the RateLimit header fields.' }),
    'RateLimit-Policy': z.string().optional().meta({
      description: 'How many requests each limit allows in how many seconds.',
    }),
  },
  503: retryAfter,
};

function bodyOf(name: DocumentedErrorName) {
  const { message, code } = documentedErrors[name];
  return { message, code, more_info: errorPages + code };
}

/** `idempotency-key`, as Node names it, is `Idempotency-Key` for readers. */
function inTitleCase(headers: z.ZodRawShape): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(headers).map(([name, schema]) => [
      name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()),
      schema,
    ]),
  );
}
