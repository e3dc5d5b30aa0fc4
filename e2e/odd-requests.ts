import * as fc from 'fast-check';
import { words } from './odd-json.ts';
import { oddTargets } from './odd-targets.ts';
import type { RawRequest } from './raw-request.ts';

/** Those that are none are refused before anything else. */
export const badHosts = ['', 'a b', '\u00e9\u00ff<', ...words('[ [::1 a/b a?b a#b u@a a:b a:65536 http://a \\')];
const goodHosts = words('turno.example [::1]:3000 127.0.0.1:65535 xn--bcher-kva.example TURNO __proto__');

const strange: Readonly<Record<string, readonly string[]>> = {
  'X-Request-Id': ['', 'a b', '\u00ff', 'x'.repeat(128), 'x'.repeat(129), ...words('caller-1 $ne __proto__ {"a":1}')],
  'Idempotency-Key': ['plain', 'two words', '', '\u00e9'],
  Accept: words('*/* text/html image/png;q=0 nonsense'),
  'Accept-Encoding': words('gzip identity;q=0 *;q=0'),
  Expect: ['100-continue', 'a miracle'],
  Upgrade: ['websocket', 'h2c'],
  Range: ['bytes=0-1'],
  'If-None-Match': ['*', '"a"'],
  'If-Modified-Since': ['Tue, 24 Nov 2099 17:00:00 GMT'],
  'X-HTTP-Method-Override': ['DELETE'],
  'X-Forwarded-Host': ['['],
  'Content-Type': ['application/json', 'text/plain'],
  Cookie: ['__proto__=1'],
  ['__proto__']: ['1'],
  constructor: ['1'],
};
const headers = fc.oneof(
  fc
    .constantFrom(...Object.entries(strange))
    .chain(([name, values]) => fc.constantFrom(...values).map((value) => [name, value] as const)),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => ['X-Odd', text] as const),
);

const bodies = [
  words(
    '{} [] null { {"status":"ENABLED"} {"status":"BLOCKED","phone":"+51987776576"} {"status":"CLOSE"} {"status":null}',
  ),
  words(
    '{"phone":1e400} {"phone":"+1234","status":{"$ne":""}} {"__proto__":{"status":"ENABLED"}} {"status":"\\ud800"}',
  ),
  words('{"$set":{"status":"ENABLED"}} {"status":"ENABLED","status":"X"} {"changes.at":1,"phone":"+12345"}'),
  [''],
].flat();

const methods = fc.oneof(
  { weight: 3, arbitrary: fc.constant('GET') },
  { weight: 3, arbitrary: fc.constantFrom('PATCH', 'DELETE', 'HEAD') },
  { weight: 1, arbitrary: fc.constantFrom(...words('PUT OPTIONS TRACE PROPFIND M-SEARCH PURGE QUERY')) },
);

/** Requests for everything but the creation of tickets. */
export const oddRequests: fc.Arbitrary<RawRequest> = fc
  .record({
    method: methods,
    target: oddTargets,
    host: fc.oneof({ weight: 9, arbitrary: fc.constant('localhost') }, fc.constantFrom(...goodHosts, ...badHosts)),
    headers: fc.array(headers, { maxLength: 3 }),
    body: fc.option(fc.constantFrom(...bodies), { nil: undefined }),
  })
  .map(({ headers: some, body, ...request }) => ({
    ...request,
    headers: request.method === 'PATCH' ? [['Content-Type', 'application/json'] as const, ...some] : some,
    body: body === undefined ? undefined : Buffer.from(body),
  }));
