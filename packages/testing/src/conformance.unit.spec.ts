import { describe, expect, test } from '@jest/globals';
import { smallDocument, ticket } from '../test/small-document.ts';
import { conformance, type Exchange } from './conformance.ts';

const { check } = conformance(smallDocument);
const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'abc' };
const created = { method: 'POST', path: '/tickets?a=b', status: 201, headers, body: JSON.stringify(ticket) };

/** What is wrong with an exchange, one complaint a line; empty when nothing is. */
function complaints(exchange: Exchange): string[] {
  try {
    check(exchange);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => line.startsWith('  - '));
  }
}

const withBody = (body: unknown) => ({ ...created, body: JSON.stringify(body) });
const withHeaders = (changes: Record<string, string>) => ({ ...created, headers: { ...headers, ...changes } });

describe('the answer to a documented operation', () => {
  test('when it is what the document publishes, then it passes', () => {
    expect(complaints(created)).toEqual([]);
    expect(complaints({ ...created, headers: new Headers(headers) })).toEqual([]);
  });

  test('when something is wrong, then the message says what was asked, what is wrong and what came', () => {
    expect(() => check(withBody({ ...ticket, id: 'AB' }))).toThrow(
      'the answer 201 to POST /tickets?a=b is not what the API description publishes:\n' +
        '  - in the body, /id must match pattern "^[0-9a-z]{4}$"\n' +
        'the body was: {"id":"AB","branch":{"name":"Hiper","code":"AG001"}}',
    );
  });

  test('when its status is not documented, then the documented ones are named', () => {
    expect(complaints({ ...created, status: 200 })).toEqual(['  - the status is none of those documented: 201, 4XX']);
  });

  test('when its status is documented as a range or as the default, then that is what it is held against', () => {
    const error = { ...created, status: 418, body: '{"message":"no"}' };

    expect(complaints(error)).toEqual([]);
    expect(complaints({ ...error, path: '/tickets/ab12', method: 'delete', status: 503 })).toEqual([]);
    expect(complaints({ ...error, body: '{}' })).toEqual([
      "  - in the body, the whole must have required property 'message'",
    ]);
  });

  test('when two templates fit the path, then the one that spells it out counts', () => {
    const page = { method: 'GET', path: '/tickets/today', status: 200, headers: { 'content-type': 'text/html' } };

    expect(complaints({ ...page, body: '<p>' })).toEqual([]);
    expect(complaints({ ...page, body: '' })).toEqual(['  - the whole must NOT have fewer than 3 characters']);
  });
});

describe('its headers', () => {
  test.each([
    ['one that must be there is missing', { 'x-request-id': '' }, 'X-Request-Id is "": the whole must match pattern'],
    ['one does not match', { 'x-request-id': 'A' }, 'X-Request-Id is "A": the whole must match pattern'],
    ['a number is none', { 'x-count': 'ten' }, 'X-Count is "ten": the whole must be integer'],
    ['a number is out of range', { 'x-count': '-1' }, 'X-Count is "-1": the whole must be >= 0'],
    ['the content type is another', { 'content-type': 'text/plain' }, 'the content type is text/plain, documented are'],
  ])('when %s, then that is the complaint', (_when, changes, complaint) => {
    expect(complaints(withHeaders(changes))).toEqual([expect.stringContaining(complaint)]);
  });

  test('when one that may be left out is left out, or is a number as text, then it passes', () => {
    expect(complaints(withHeaders({ 'x-count': '12' }))).toEqual([]);
  });

  test('when a required one is missing, then it is named', () => {
    const { 'x-request-id': _left, ...others } = headers;

    expect(complaints({ ...created, headers: others })).toEqual(['  - the header X-Request-Id is missing']);
  });

  test('when there is no content type at all, then that is said', () => {
    expect(complaints({ ...created, headers: { 'x-request-id': 'abc' } })).toEqual([
      '  - the content type is missing, documented are application/json',
    ]);
  });
});

describe('its body', () => {
  test.each([
    [
      'a value of no enumeration',
      { status: 'OPEN' },
      '/status must be equal to one of the allowed values (["BLOCKED","ENABLED"])',
    ],
    ['a type that is not in the list', { phone: 7 }, '/phone must be string,null'],
    ['a date that is none', { at: '2026-02-30T00:00:00Z' }, '/at must match format "date-time"'],
    ['a tuple of something else', { pair: ['b', 1] }, '/pair/0 must be equal to constant ("a")'],
    ['too many items', { pair: ['a', 1, 2] }, '/pair must NOT have more than 2 items'],
    ['an undocumented property', { _id: 1 }, '/_id is not documented'],
    ['one in a list', { sectors: [{ name: 'A', __v: 0 }] }, '/sectors/0/__v is not documented'],
    ['one behind allOf', { branch: { name: 'A', code: 'B', secret: 1 } }, '/branch/secret is not documented'],
    [
      'a wrong property beside good ones',
      { branch: { name: 'too long' } },
      '/branch/name must NOT have more than 5 characters',
    ],
    ['a note that is no text', { notes: { a: 1 } }, '/notes/a must be string'],
  ])('when it has %s, then that is the complaint, and the only one', (_what, changes, complaint) => {
    expect(complaints(withBody({ ...ticket, ...changes }))).toEqual([`  - in the body, ${complaint}`]);
  });

  test('when the document lets properties be anything, then they may', () => {
    expect(complaints(withBody({ ...ticket, phone: null, notes: { a: 'b' }, details: { any: ['thing'] } }))).toEqual(
      [],
    );
  });

  test('when several things are wrong, then all are named', () => {
    expect(complaints(withBody({ id: 1, branch: {} }))).toHaveLength(2);
  });

  test('when it is no JSON, then that is said', () => {
    expect(complaints({ ...created, body: '{"id":' })).toEqual([expect.stringContaining('the body is not JSON')]);
  });

  test('when there is one where none is documented, then it is too much', () => {
    const gone = { method: 'DELETE', path: '/tickets/ab12', status: 204, headers: {} };

    expect(complaints({ ...gone, body: '' })).toEqual([]);
    expect(complaints({ ...gone, body: '{}' })).toEqual(['  - no body is documented for this status']);
  });
});

describe('a HEAD', () => {
  const head = { ...created, method: 'HEAD', path: '/tickets/ab12', status: 200 };

  test('when it has the headers of the GET and no body, then it passes', () => {
    expect(complaints({ ...head, body: '' })).toEqual([]);
    expect(complaints({ ...head, headers: {}, body: '' })).toEqual([]);
  });

  test('when it has a body, or another content type, then that is the complaint', () => {
    expect(complaints(head)).toEqual(['  - an answer to HEAD has no body']);
    expect(complaints({ ...head, headers: { 'content-type': 'text/html' }, body: '' })).toHaveLength(1);
  });
});

describe('what the document does not have', () => {
  const error = { headers: { ...headers, allow: 'GET, HEAD, DELETE' }, body: '{"message":"no"}' };

  test('when it is the path, then the answer must be a 404 with an error', () => {
    const lost = { ...error, method: 'GET', path: '/nowhere', status: 404 };

    expect(complaints(lost)).toEqual([]);
    expect(complaints({ ...lost, body: '{"message":"no","stack":"at"}' })).toEqual([
      '  - in the body, /stack is not documented',
    ]);
    expect(complaints({ ...lost, path: '/tickets/' })).toEqual([]);
    expect(complaints({ ...lost, status: 200 })).toEqual([
      '  - the path is not in the description, so the status must be 404',
    ]);
  });

  test('when it is the method, then the answer must be a 405 that allows the others', () => {
    const refused = { ...error, method: 'PUT', path: '/tickets/ab12', status: 405 };

    expect(complaints(refused)).toEqual([]);
    expect(complaints({ ...refused, headers: { ...headers, allow: 'GET, DELETE' } })).toEqual([]);
    expect(complaints({ ...refused, status: 404 })).toEqual([
      expect.stringContaining('the path does not have the method, so the status must be 405'),
    ]);
  });

  test.each([
    ['is missing', headers, 'the header Allow is missing'],
    ['names too few', { ...headers, allow: 'GET' }, 'the header Allow is "GET", and the path has GET, DELETE'],
    ['names too many', { ...headers, allow: 'GET, DELETE, PATCH' }, 'the path has GET, DELETE'],
  ])('when Allow %s, then that is the complaint', (_what, given, complaint) => {
    const refused = { ...error, headers: given, method: 'PUT', path: '/tickets/ab12', status: 405 };

    expect(complaints(refused)).toEqual([expect.stringContaining(complaint)]);
  });
});

/** A document whose one answer has the given schema. */
function broken(schema: object) {
  const content = { 'application/json': { schema } };
  return { openapi: '3.1.0', paths: { '/': { get: { responses: { 200: { content } } } } } };
}

test('when the document itself is off, then that is an error and not a pass', () => {
  const answer = { method: 'GET', path: '/', status: 200, headers, body: '{}' };

  expect(() => conformance(broken({ typ: 'object' })).check(answer)).toThrow('unknown keyword: "typ"');
  expect(() => conformance(broken({ format: 'dat' })).check(answer)).toThrow('unknown format "dat"');
  expect(() => conformance(broken({ $ref: '#/components/schemas/Lost' })).check(answer)).toThrow(
    "can't resolve reference",
  );
});
