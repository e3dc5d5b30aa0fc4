import { describe, expect, test } from '@jest/globals';
import { breakingChanges } from './breaking-changes.ts';
import { answering, api, asking, base, header, object, query, referring, taking, text, tree } from './small-api.ts';

const changes = (released: object, present: object) =>
  breakingChanges(released, present).map(({ operation, change }) => `${operation}: ${change}`);

const response = 'response 200, application/json';
const request = 'request body, application/json';

describe('what breaks callers', () => {
  test.each([
    ['an operation is removed', api({}), { ...api({}), paths: { '/a': {} } }, 'the operation'],
    ['a path is renamed', api({}), { ...api({}), paths: { '/b': { post: base } } }, 'the operation'],
    [
      'a status is removed',
      api({ responses: { ...base.responses, 404: { description: 'no' } } }),
      api({}),
      'response 404',
    ],
    ['a media type is removed', answering(text), api({}), 'response 200'],
    [
      'a media type is another',
      answering(text),
      api({ responses: { 200: { description: 'ok', content: { 'text/plain': { schema: text } } } } }),
      response,
    ],
    [
      'a property of a response is removed',
      answering(object({ x: text, y: text })),
      answering(object({ x: text })),
      `${response}, y`,
    ],
    [
      'a property of a response is renamed',
      answering(object({ y: text })),
      answering(object({ z: text })),
      `${response}, y`,
    ],
    ['a property is called type', answering(object({ type: text })), answering(object({})), `${response}, type`],
    [
      'a property behind references is removed',
      referring({ x: text, y: text }),
      referring({ x: text }),
      `${response}, items, y`,
    ],
    [
      'a property of a response may be missing',
      answering(object({ x: text }, 'x')),
      answering(object({ x: text })),
      `${response}, required: "x"`,
    ],
    [
      'a property of a response may be null',
      answering({ type: 'string' }),
      answering({ type: ['string', 'null'] }),
      `${response}, type`,
    ],
    [
      'one more type is in a response',
      answering({ type: ['string'] }),
      answering({ type: ['string', 'null'] }),
      `${response}, type`,
    ],
    ['an integer becomes a number', answering({ type: 'integer' }), answering({ type: 'number' }), `${response}, type`],
    [
      'the enumeration of a response is widened',
      answering({ enum: ['p'] }),
      answering({ enum: ['p', 'q'] }),
      `${response}, enum: "q"`,
    ],
    [
      'a constant of a response is another',
      answering({ const: 'p' }),
      answering({ const: 'q' }),
      `${response}, const: "p" became "q"`,
    ],
    [
      'a constant of a response may be another',
      answering({ const: 'p' }),
      answering({ enum: ['p', 'q'] }),
      `${response}, enum`,
    ],
    [
      'a pattern of a response is another',
      answering({ pattern: '^a$' }),
      answering({ pattern: '^a+$' }),
      `${response}, pattern`,
    ],
    ['a maximum of a response is raised', answering({ maximum: 5 }), answering({ maximum: 6 }), `${response}, maximum`],
    ['a header is removed', header({}), answering(text), 'response 200, headers'],
    ['a header may be missing', header({ required: true }), header({}), 'response 200, header X-Count, required'],
    [
      'a header is of another type',
      header({}),
      header({ schema: { type: 'integer' } }),
      'response 200, header X-Count, type',
    ],
    [
      'a request must have one more property',
      taking(object({ n: text })),
      taking(object({ n: text }, 'n')),
      `${request}, required: "n"`,
    ],
    ['a property of a request is dropped', taking(object({ n: text })), taking(object({})), `${request}, n`],
    [
      'unknown properties are refused',
      taking({ type: 'object' }),
      taking({ type: 'object', additionalProperties: false }),
      request,
    ],
    ['a body must be sent', taking(text), taking(text, { required: true }), 'request body, required'],
    ['there is a body to be sent', api({}), taking(text, { required: true }), 'request body'],
    [
      'the type of a request is narrowed',
      taking({ type: ['string', 'null'] }),
      taking({ type: 'string' }),
      `${request}, type`,
    ],
    ['a request gets a type', taking({}), taking({ type: 'string' }), `${request}, type`],
    [
      'the enumeration of a request is narrowed',
      taking({ enum: ['p', 'q'] }),
      taking({ enum: ['p'] }),
      `${request}, enum: "q"`,
    ],
    [
      'the pattern of a request is another',
      taking({ pattern: '^a+$' }),
      taking({ pattern: '^a$' }),
      `${request}, pattern`,
    ],
    ['the constant of a request is another', taking({ const: 'p' }), taking({ const: 'q' }), `${request}, const`],
    [
      'a request gets a longest length',
      taking(text),
      taking({ ...text, maxLength: 3 }),
      `${request}, maxLength: 3 was added`,
    ],
    ['the first parameter is required', api({}), asking(query('q', { required: true })), 'parameters'],
    [
      'one more parameter is required',
      asking(query('p')),
      asking(query('q', { required: true }), query('p')),
      'parameter q',
    ],
    [
      'a parameter becomes required',
      asking(query('p'), query('q')),
      asking(query('q', { required: true }), query('p')),
      'parameter q, required',
    ],
    ['a parameter is removed', asking(query('p'), query('q')), asking(query('p')), 'parameter q'],
    [
      'a parameter takes less',
      asking(query('q', { schema: { enum: ['a', 'b'] } })),
      asking(query('q', { schema: { enum: ['a'] } })),
      'parameter q, enum',
    ],
    ['credentials are asked for', api({}), api({ security: [{ key: [] }] }), 'security'],
  ])('when %s, then that is told', (_when, released, present, told) => {
    const [first, ...others] = changes(released, present);

    expect(first).toMatch(/^POST \/a: /);
    expect(first).toContain(told);
    expect(others).toEqual([]);
  });

  test('when all operations ask for credentials, then every operation is named', () => {
    expect(changes(api({}), api({}, { security: [{ key: [] }] }))).toEqual([
      expect.stringMatching(/^every operation: security/),
    ]);
  });
});

describe('what does not', () => {
  test.each([
    ['nothing is changed', answering(object({ x: text })), answering(object({ x: text }))],
    ['there is a new operation', api({}), { ...api({}), paths: { '/a': { post: base, get: base } } }],
    ['there is a new status', api({}), api({ responses: { ...base.responses, 404: { description: 'no' } } })],
    ['a response has a new property', answering(object({ x: text })), answering(object({ x: text, y: text }, 'y'))],
    [
      'a property of a response is always there now',
      answering(object({ x: text })),
      answering(object({ x: text }, 'x')),
    ],
    ['the enumeration of a response is narrowed', answering({ enum: ['p', 'q'] }), answering({ enum: ['p'] })],
    ['the type of a response is narrowed', answering({ type: ['integer', 'null'] }), answering({ type: ['integer'] })],
    ['a number becomes an integer', answering({ type: 'number' }), answering({ type: 'integer' })],
    ['a response has a new header', answering(text), header({ required: true })],
    ['a header is always there now', header({}), header({ required: true })],
    [
      'a header is described anew',
      header({ description: 'a' }),
      header({ description: 'b', schema: { ...text, examples: ['1'] } }),
    ],
    [
      'a response is opened or closed',
      answering({ type: 'object' }),
      answering({ type: 'object', additionalProperties: false }),
    ],
    ['a request may have a new property', taking(object({ n: text })), taking(object({ n: text, m: text }))],
    ['a request need not have a property', taking(object({ n: text }, 'n')), taking(object({ n: text }))],
    ['the type of a request is widened', taking({ type: 'integer' }), taking({ type: ['number', 'null'] })],
    ['the enumeration of a request is widened', taking({ enum: ['p'] }), taking({ enum: ['p', 'q'] })],
    ['a pattern of a request is dropped', taking({ pattern: '^a$' }), taking({})],
    ['it is said that no credentials are asked for', api({}), api({}, { security: [] })],
    ['there is a new parameter', api({}), asking(query('q'))],
    ['parameters are in another order', asking(query('p'), query('q')), asking(query('q'), query('p'))],
    [
      'a reference takes the place of what it refers to',
      answering(object({ x: text })),
      { ...answering({ $ref: '#/components/schemas/A' }), components: { schemas: { A: object({ x: text }) } } },
    ],
    [
      'there are other words and examples',
      answering({ ...text, examples: ['a'] }),
      answering({ ...text, examples: ['b'], description: 'new' }),
    ],
  ])('when %s, then nothing is told', (_when, released, present) => {
    expect(changes(released, present)).toEqual([]);
  });
});

test('when a schema refers to itself, then it is compared all the same', () => {
  expect(changes(tree({ name: text }), tree({}))).toContainEqual(
    expect.stringContaining('name: {"type":"string"} was removed'),
  );
  expect(changes(tree({}), tree({}))).toEqual([]);
});
