import { fieldNames } from '../odd-json.ts';
import { creation, mark, phoneOf, place, request, tickets, type Maker } from './attack.ts';

const operators = [
  { $gt: '' },
  { $ne: null },
  { $where: 'sleep(1000)' },
  { $regex: '.*' },
  { $in: ['7b6'] },
  [['7b6']],
  true,
  0,
];
const fields = [...fieldNames, '__proto__', 'constructor'];
const queries = [
  '[$ne]=',
  '[$gt]=',
  '[$where]=sleep(1000)',
  '[]=a&customer_id=b',
  '.$ne=1',
  '[__proto__][x]=1',
  "=' || '1'=='1",
];

/** Where a text is meant, a condition. */
export const noSql: Maker = (dice) => {
  if (dice.below(2)) {
    const parameter = dice.oneOf(['customer_id', 'customer_id_number', 'fields', 'limit']);
    return {
      bytes: request({ method: 'GET', target: `${tickets}?${parameter}${dice.oneOf(queries).replaceAll(' ', '%20')}` }),
    };
  }
  // Written out: an object of JavaScript would have no field of its own called __proto__.
  const body = JSON.stringify(place).replace(
    /\}$/,
    `,"${dice.oneOf(fields)}":${JSON.stringify(dice.oneOf(operators))}}`,
  );
  const [method, target] = dice.oneOf([
    ['POST', tickets],
    ['PATCH', `${tickets}/0000000000000000`],
  ] as const);
  return { bytes: request({ method, target, body }) };
};

/** Of ICU MessageFormat, of JavaScript, of other engines, and of the services' own placeholders. */
const templates = [
  '{name}',
  '{queue}{number}',
  '{0,plural,one{',
  "'{'",
  '${7*7}',
  '#{7*7}',
  '{{7*7}}',
  '<%= 7*7 %>',
  '%s%n',
  '[[${1}]]',
  '\u202e{branch}',
  '{'.repeat(20),
];

/** Into what an SMS is written from. */
export const templateInjection: Maker = (dice) => {
  const template = dice.oneOf(templates);
  const phone = phoneOf(dice);
  const some = [
    { channel: template, phone },
    { channel: 'mobile', phone: `${phone}${template}` },
    { channel: template, phone, name: template, messages: [template, mark], language: template },
    { phone, customer_id: template },
    { phone, customer_id_type: 'D', customer_id_number: template },
  ];
  return { bytes: utf8Creation(dice.oneOf(some)) };
};

function utf8Creation(wanted: object): Buffer {
  const text = JSON.stringify({ ...place, ...wanted });
  return request({ body: Buffer.from(text).toString('latin1') });
}

const forgedLine = JSON.stringify({ level: 'info', service: 'gateway', msg: mark, [mark]: true });
const breaks = ['\n', '\\n', '%0a', '%0D%0A', '\u001b[2J\u001b[1;31m', '\u2028', '"}\n', '\u0008\u0008'];

/** A line of the log that nobody wrote, or that a terminal shows as another one. */
export const logInjection: Maker = (dice) => {
  const text = `${dice.oneOf(breaks)}${forgedLine}`;
  const inPath = encodeURI(text).replaceAll('%25', '%');
  const inHeader = text.replaceAll(/[\n\u2028]/g, ' ');
  const variants = [
    () => request({ method: 'GET', target: `${tickets}/${inPath}` }),
    () => request({ method: 'GET', target: `/${inPath}` }),
    () => request({ method: mark.toUpperCase() }),
    () => creation({ channel: text.slice(0, 20), phone: phoneOf(dice) }),
    () => creation({ channel: text, branch_id: text }),
    ...['X-Request-Id', 'User-Agent', 'traceparent', 'tracestate', 'Idempotency-Key', 'X-Forwarded-For'].map(
      (name) => () => creation({ phone: phoneOf(dice) }, [[name, inHeader]]),
    ),
  ];
  return { bytes: dice.oneOf(variants)() };
};

/** What the provider said once, said again later; and what it never said. */
export const replayedCallback: Maker = (dice, { callback }) => {
  const now = String(Math.floor(Date.now() / 1_000));
  const changed = dice.oneOf<Readonly<Record<string, string>>>([
    {},
    { 'webhook-timestamp': now },
    { 'webhook-id': mark },
    { 'webhook-timestamp': now, 'webhook-signature': 'v1,AAAA' },
    { 'webhook-signature': 'v1a,AAAA v1, none' },
    { 'webhook-timestamp': '-1' },
  ]);
  const body = dice.oneOf([callback.body, callback.body.replace('DELIVERED', 'FAILED'), '{}', '']);
  const headers = Object.entries({ ...callback.headers, ...changed });
  return { bytes: request({ target: '/callbacks/webhook', headers, body }), target: 'callbacks', isImpostor: true };
};
