import { creation, mark, phoneOf, place, request, tickets, type Maker } from './attack.ts';

const bytes = (lines: readonly string[], body = ''): Buffer =>
  Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');

const json = 'Content-Type: application/json';
const inner = `GET /customer/v1/branches HTTP/1.1\r\nHost: ${mark}.example\r\nConnection: close\r\n\r\n`;
const chunked = `0\r\n\r\n${inner}`;
const post = `POST ${tickets} HTTP/1.1`;
const host = 'Host: localhost';

/** Two programs in a row that count the bytes of a request differently take what one means for what the other says. */
export const smuggling: Maker = (dice) => {
  const folded = 'X: y\r\n Transfer-Encoding: chunked';
  const te = dice.oneOf([
    'Transfer-Encoding: chunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding:\u000bchunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
  ]);
  const variants = [
    () => bytes([post, host, json, `Content-Length: ${chunked.length}`, te], chunked),
    () => bytes([post, host, json, `Content-Length: ${chunked.length}`, folded], chunked),
    () => bytes([post, host, json, te, 'Content-Length: 4'], chunked),
    () => bytes([post, host, json, 'Content-Length: 2', 'Content-Length: 60'], `{}${inner}`),
    () => bytes([post, host, json, 'Content-Length: +2'], `{}${inner}`),
    () => bytes([post, host, json, 'Content-Length: 2, 2'], '{}'),
    () => bytes([post, host, json, 'Content-Length: -1'], '{}'),
    () => bytes([post, host, json, 'Content-Length: 99999999999999999999'], '{}'),
    () => bytes([post, host, json, 'Transfer-Encoding: chunked'], `fffffffffffffffff\r\n{}\r\n${chunked}`),
    () => bytes([post, host, json, 'Transfer-Encoding: chunked'], `2;x=\r\n{}\r\n0\r\nX-${mark}: 1\r\n\r\n`),
    () => bytes([post, host, json, 'X-Folded: a', '\tb', ' c: d']),
    () => Buffer.from(`${post}\n${host}\n${json}\nContent-Length: 2\n\n{}`, 'latin1'),
    () => Buffer.from(`${post}\r${host}\r\rGET / HTTP/1.1\r\n\r\n`, 'latin1'),
    () => bytes([post, host, `${json}\u0000`, 'Content-Length: 2'], '{}'),
    () => bytes([`${tickets} HTTP/0.9`]),
    () => bytes([`POST ${tickets} HTTP/3.7`, host]),
    () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'),
    () => Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, dice.below(256)]),
  ];
  return { bytes: dice.oneOf(variants)() };
};

/** Where a header's value comes back in an answer, a line break in it would be a header of the attacker's own. */
export const crlf: Maker = (dice) => {
  const broken = dice.oneOf(['%0d%0a', '\r', '\n', '\u0085', '%E5%98%8A%E5%98%8D', '\\r\\n', '\u0000']);
  const value = `a${broken}X-${mark}: 1${broken}${broken}<script>`;
  const headers = [
    [dice.oneOf(['X-Request-Id', 'Idempotency-Key', 'traceparent', 'Origin', 'Accept-Language']), value] as const,
  ];
  const target = dice.oneOf([tickets, `/docs/errors/ab90${encodeURI(value)}`, `${tickets}/${encodeURI(value)}`]);
  return { bytes: request({ method: dice.oneOf(['GET', 'POST']), target, headers }) };
};

export const oversized: Maker = (dice) => {
  const variants = [
    () => request({ body: JSON.stringify({ ...place, channel: 'x'.repeat(100_000) }) }),
    () => request({ body: '['.repeat(16_000) }),
    () => request({ body: '{"a":'.repeat(3_000) + '1' + '}'.repeat(3_000) }),
    () => request({ body: `{"branch_id":${'9'.repeat(16_000)}}` }),
    () => request({ body: '{"branch_id":1e999999,"sector_id":-0}' }),
    () => request({ body: `{${Array.from({ length: 1_200 }, (_, i) => `"k${i}":1`).join()}}` }),
    () => request({ method: 'GET', target: `${tickets}?${'a=1&'.repeat(5_000)}` }),
    () => request({ method: 'GET', target: `/${'a/'.repeat(9_000)}` }),
    () => request({ method: 'GET', headers: Array.from({ length: 3_000 }, (_, i) => [`X-${i}`, 'a'] as const) }),
    () => request({ method: 'GET', headers: [['Cookie', 'c'.repeat(60_000)]] }),
    () => bytes([post, host, json, 'Content-Length: 1000000000', 'Connection: close'], '{'),
    () => bytes([post, host, json, 'Content-Encoding: gzip', 'Content-Length: 2'], '\u001f\u008b'),
  ];
  return { bytes: dice.oneOf(variants)() };
};

/** A head, or a body, that comes a byte at a time. */
export const slowloris: Maker = (dice) => {
  const whole = creation({ phone: phoneOf(dice) }, [['X-Slow', 'y'.repeat(2_000)]]);
  return { bytes: dice.below(2) ? whole : Buffer.concat([whole.subarray(0, whole.length - 30)]), dribbleMs: 500 };
};
