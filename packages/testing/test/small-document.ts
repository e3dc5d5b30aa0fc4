import type { OpenApiDocument } from '../src/index.ts';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const error = { description: 'An error', ...json({ $ref: '#/components/schemas/Error' }) };

/** As small as a document can be that has everything that a response is held against. */
export const smallDocument = {
  openapi: '3.1.0',
  info: { title: 'Small', version: '1.0.0' },
  paths: {
    '/tickets': {
      post: {
        responses: {
          201: {
            description: 'The ticket',
            headers: {
              'X-Request-Id': { $ref: '#/components/headers/RequestId' },
              'X-Count': { schema: { type: 'integer', minimum: 0 } },
            },
            ...json({ $ref: '#/components/schemas/Ticket' }),
          },
          '4XX': { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/tickets/{id}': {
      get: { responses: { 200: { description: 'The ticket', ...json({ $ref: '#/components/schemas/Ticket' }) } } },
      delete: { responses: { 204: { description: 'Gone' }, default: { $ref: '#/components/responses/Error' } } },
    },
    '/tickets/today': {
      get: {
        responses: {
          200: { description: 'A page', content: { 'text/*': { schema: { type: 'string', minLength: 3 } } } },
        },
      },
    },
  },
  components: {
    headers: { RequestId: { required: true, schema: { type: 'string', pattern: '^[0-9a-z]+$' } } },
    responses: { Error: error },
    schemas: {
      Error: { type: 'object', required: ['message'], properties: { message: { type: 'string' } } },
      Place: { type: 'object', required: ['name'], properties: { name: { type: 'string', maxLength: 5 } } },
      Ticket: {
        type: 'object',
        required: ['id', 'branch'],
        properties: {
          id: { type: 'string', pattern: '^[0-9a-z]{4}$' },
          status: { enum: ['BLOCKED', 'ENABLED'] },
          phone: { type: ['string', 'null'] },
          at: { type: 'string', format: 'date-time' },
          pair: { type: 'array', prefixItems: [{ const: 'a' }, { type: 'integer' }], items: false },
          branch: {
            allOf: [{ $ref: '#/components/schemas/Place' }, { properties: { code: { type: 'string' } } }],
          },
          sectors: { type: 'array', items: { $ref: '#/components/schemas/Place' } },
          notes: { type: 'object', additionalProperties: { type: 'string' } },
          details: {},
        },
      },
    },
  },
} satisfies OpenApiDocument & Record<string, unknown>;

export const ticket = { id: 'ab12', branch: { name: 'Hiper', code: 'AG001' } };
