import { createHmac, randomBytes } from 'node:crypto';
import type { Dice } from '../faults/dice.ts';
import { creation, phoneOf, request, tickets, type Maker, type Overheard } from './attack.ts';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const bearer = (token: string) => ['Authorization', `Bearer ${token}`] as const;

/** What a token of the demo's known customer would claim. */
function claims({ issuer, audience }: Overheard, validForSeconds: number): object {
  const now = Math.floor(Date.now() / 1_000);
  return { iss: issuer, aud: audience, sub: 'a9087s902m', iat: now - 7_200, exp: now + validForSeconds };
}

function jwt(header: object, payload: object, signature: string | ((text: string) => string)): string {
  const text = `${encoded(header)}.${encoded(payload)}`;
  return `${text}.${typeof signature === 'string' ? signature : signature(text)}`;
}

/** Takes a ticket or reads somebody's. */
function withToken(dice: Dice, headers: readonly (readonly [string, string])[]) {
  const bytes = dice.below(2)
    ? creation({ phone: phoneOf(dice) }, headers)
    : request({ method: 'GET', target: `${tickets}?customer_id=a9087s902m`, headers });
  return { bytes, isImpostor: true };
}

const noTokens = [
  'Bearer',
  'Bearer ',
  'Bearer a.b.c',
  'Bearer ..',
  'Basic YWRtaW46YWRtaW4=',
  'Bearer null',
  `Bearer ${'A'.repeat(8_000)}`,
  'bearer\tx',
  'Negotiate TlRMTVNTUAAB',
  'Bearer eyJhbGciOiJSUzI1NiJ9.e30.',
  'Bearer \u00ff\u00fe',
];

export const badToken: Maker = (dice, { own }) => {
  const secret = randomBytes(24).toString('base64url');
  const keys = ['', 'undefined', '*', "' or '1'='1", '{"$ne":null}', secret, `turno_${secret}`, 'a'.repeat(4_000)];
  // Not the very last: of that one, base64 ignores some bits.
  const nearly = dice.oneOf(own).replace(/.(?=.{9}$)/, (last) => (last === 'A' ? 'B' : 'A'));
  if (dice.below(4) === 0) return withToken(dice, [bearer(nearly)]);
  return withToken(dice, dice.below(2) ? [['X-API-Key', dice.oneOf(keys)]] : [['Authorization', dice.oneOf(noTokens)]]);
};

export const algNone: Maker = (dice, overheard) => {
  const header = { alg: dice.oneOf(['none', 'None', 'NONE', 'nOnE', '']), typ: 'JWT', kid: overheard.keyId };
  return withToken(dice, [bearer(jwt(header, claims(overheard, 3_600), dice.oneOf(['', 'AA'])))]);
};

/** The public key taken for the secret of a MAC; and headers by which a token would bring its own key. */
export const keyConfusion: Maker = (dice, overheard) => {
  const { publicKey, keyId: kid } = overheard;
  const alg = dice.oneOf(['HS256', 'HS384', 'HS512']);
  const bringing = [
    {},
    { jwk: { kty: 'oct', k: Buffer.from(publicKey).toString('base64url') } },
    { jku: 'http://127.0.0.1:9/keys' },
    { kid: '../../../../dev/null' },
    { kid: "x' UNION SELECT 'k" },
    { crit: ['b64'], b64: false },
  ];
  const sign = (text: string): string =>
    createHmac(alg.replace('HS', 'sha'), publicKey).update(text).digest('base64url');
  return withToken(dice, [
    bearer(jwt({ alg, typ: 'JWT', kid, ...dice.oneOf(bringing) }, claims(overheard, 3_600), sign)),
  ]);
};

/** By the claims expired, or not valid yet; the signature would not hold either. */
export const expiredToken: Maker = (dice, overheard) => {
  const odd = dice.oneOf([{}, { exp: '9999999999' }, { exp: null }, { nbf: 9_999_999_999 }]);
  const signature = randomBytes(64).toString('base64url');
  const header = { alg: 'ES256', typ: 'JWT', kid: overheard.keyId };
  return withToken(dice, [bearer(jwt(header, { ...claims(overheard, -3_600), ...odd }, signature))]);
};

/** As it was when it held, to the last byte. */
export const wornCredential: Maker = (dice, { worn }) => withToken(dice, [bearer(dice.oneOf(worn))]);

/** With a credential that holds, what is somebody else's. */
export const anothersTicket: Maker = (dice, { own, ticketIds }) => {
  const target = `${tickets}/${dice.oneOf(ticketIds)}`;
  const headers = [bearer(dice.oneOf(own))];
  const [method, body] = dice.oneOf([['GET'], ['DELETE'], ['PATCH', '{"phone":"+51988000000"}']] as const);
  return { bytes: request({ method, target, headers, ...(body !== undefined && { body }) }), isImpostor: true };
};
