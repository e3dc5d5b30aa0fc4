import { creation, mark, phoneOf, request, tickets, type Maker } from './attack.ts';

const paths = [
  `/customer/v1/..;/..;/metrics`,
  `${tickets}/%2e%2e/%2e%2e/%2e%2e/etc/passwd`,
  `/..%2f..%2f..%2f..%2fetc%2fpasswd`,
  `//${mark}.example/%2e%2e`,
  `${tickets}/%00`,
  `${tickets}/%c0%ae%c0%ae/`,
  `/docs/..%5c..%5cpackage.json`,
  `/docs/errors/../../../package.json`,
  `/docs/errors/%2e%2e%2f%2e%2e%2fpackage.json`,
  `http://169.254.169.254/latest/meta-data/`,
  `http://127.0.0.1:9100/metrics`,
  `http://${mark}.example${tickets}`,
  `/readyz`,
  `/metrics`,
  `/console`,
  `/inbox/messages`,
  `/log-level`,
  `/dead-letters`,
  `/.env`,
  `/.git/config`,
  `/customer/v1/tickets/__proto__`,
  `/customer/v1/%74ickets/constructor`,
  `*`,
  `?`,
];

export const pathTrick: Maker = (dice) => ({
  bytes: request({ method: dice.oneOf(['GET', 'GET', 'PUT', 'CONNECT', 'TRACE']), target: dice.oneOf(paths) }),
  target: dice.oneOf(['gateway', 'gateway', 'callbacks']),
});

const hosts = [
  `${mark}.example`,
  `localhost@${mark}.example`,
  'localhost:99999',
  '',
  'a b',
  `localhost#${mark}`,
  '[::1',
  '169.254.169.254',
];

/** Where answers have addresses in them, a stranger's host would stand there. */
export const hostHeader: Maker = (dice) => {
  const host = dice.oneOf(hosts);
  const headers = [['X-Forwarded-Host', `${mark}.example`] as const, ['Forwarded', `host=${mark}.example`] as const];
  return { bytes: request({ method: 'GET', target: dice.oneOf([`${tickets}/nothing`, '/docs', '/']), host, headers }) };
};

export const methodOverride: Maker = (dice) => {
  const header = dice.oneOf(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']);
  const target = `${tickets}?_method=DELETE`;
  return { bytes: request({ method: 'POST', target, headers: [[header, 'DELETE']], body: '{"_method":"DELETE"}' }) };
};

/** Another address with every request, to slip from under the limit of one. */
export const forgedAddress: Maker = (dice) => {
  const address = `10.${dice.below(256)}.${dice.below(256)}.${dice.below(256)}`;
  const header = dice.oneOf(['X-Forwarded-For', 'X-Real-IP', 'True-Client-IP', 'Forwarded', 'CF-Connecting-IP']);
  const value = header === 'Forwarded' ? `for=${address}` : `${address}, 127.0.0.1`;
  return { bytes: creation({ phone: phoneOf(dice) }, [[header, value]]) };
};

/** Keys that are no keys, and one key under which many things are asked. */
export const keyAbuse: Maker = (dice) => {
  const key = dice.oneOf([
    '',
    ' ',
    '"',
    'k'.repeat(256),
    '{"$gt":""}',
    'shared',
    '"shared"',
    'shared',
    '\u00ff',
    `${mark}\tx`,
  ]);
  return { bytes: creation({ phone: phoneOf(dice) }, [['Idempotency-Key', key]]) };
};
