import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '@turno/shared';
import { audience, TokenIssuer } from '@turno/testing';
import { base64url, generateKeyPair, SignJWT } from 'jose';
import { IssuerKeys, type IssuerTimes } from '../src/auth/issuer-keys.ts';
import { Tokens } from '../src/auth/tokens.ts';
import { openApp, type AuthenticatedApp } from './authenticated-app.ts';

const rosa = { sub: 'rosa0417' };

let issuer: TokenIssuer;
let keys: IssuerKeys;
let app: AuthenticatedApp;

beforeEach(async () => {
  issuer = await TokenIssuer.start();
  await open({});
});
afterEach(async () => {
  await close();
  await issuer.goAway();
});

async function close(): Promise<void> {
  keys.stop();
  await app.close();
}

async function open({
  customerClaim = 'sub',
  jwksUrl,
  ...times
}: Partial<IssuerTimes> & { customerClaim?: string; jwksUrl?: string }): Promise<void> {
  keys = new IssuerKeys({
    issuer: issuer.url,
    jwksUrl,
    logger: createLogger('spec', 'silent'),
    times: { cooldownMs: 0, ...times },
  });
  const tokens = new Tokens({
    issuer: issuer.url,
    audience,
    algorithms: ['RS256', 'ES256'],
    clockToleranceSeconds: 5,
    customerClaim,
    keyFor: keys.keyFor,
  });
  app = await openApp({ tokens });
}

async function reopen(options: Parameters<typeof open>[0]): Promise<void> {
  await close();
  await open(options);
}

const statusOf = async (token: string): Promise<number> => (await app.send(`Bearer ${token}`)).status;
const unsigned = (header: object, claims: object): string =>
  `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(claims))}.`;
const inFiveMinutes = (): number => Math.floor(Date.now() / 1_000) + 300;

test('when a token is good, then the customer in it makes the request', async () => {
  expect(await statusOf(await issuer.token(rosa))).toBe(200);
  expect(app.principals).toEqual([{ kind: 'customer', customer_id: 'rosa0417' }]);
});

test('when another claim has the customer, then it is that one', async () => {
  await reopen({ customerClaim: 'turno_customer' });

  expect(await statusOf(await issuer.token({ sub: 'auth0|7', turno_customer: 'tom0931' }))).toBe(200);
  expect(app.principals).toEqual([{ kind: 'customer', customer_id: 'tom0931' }]);
});

/** Signed with what everybody can have: the public key, taken for a shared secret. */
async function confusing(): Promise<string> {
  const secret = new TextEncoder().encode(JSON.stringify(issuer.newestKey.published));
  const claims = new SignJWT(rosa).setIssuer(issuer.url).setAudience(audience).setExpirationTime('5m');
  return claims.setProtectedHeader({ alg: 'HS256', kid: issuer.newestKey.kid }).sign(secret);
}

const allClaims = () => ({ ...rosa, iss: issuer.url, aud: audience, exp: inFiveMinutes() });

const bad: [string, string, () => string | Promise<string>][] = [
  ['has expired', 'token_expired', () => issuer.token(rosa, { expiresInSeconds: -10 })],
  ['is for another API', 'token_audience', () => issuer.token(rosa, { audience: 'payments' })],
  ['is of another issuer', 'token_issuer', () => issuer.token(rosa, { issuer: 'https://elsewhere.example' })],
  ['has alg none', 'token_algorithm', () => unsigned({ alg: 'none' }, allClaims())],
  ['is signed by a shared secret', 'token_algorithm', confusing],
  ['has a key that nobody knows', 'token_signature', async () => issuer.token(rosa, { key: await issuer.makeKey() })],
  [
    "has another key under the name of the issuer's",
    'token_signature',
    async () => issuer.token(rosa, { key: { ...(await issuer.makeKey()), kid: issuer.newestKey.kid } }),
  ],
  ['has no customer', 'token_claims', () => issuer.token({})],
  ['has no customer of ours', 'token_claims', () => issuer.token({ sub: 'auth0|7' })],
  ['is not valid yet', 'token_claims', () => issuer.token({ ...rosa, nbf: inFiveMinutes() })],
  ['is no token', 'malformed', () => 'a.b.c'],
];

test.each(bad)('when a token %s, then it is a 401, counted as %s', async (_what, reason, token) => {
  expect(await statusOf(await token())).toBe(401);
  expect(await app.failures(reason)).toBe(1);
});

test('when a token has no end, then it is a 401', async () => {
  const { privateKey, kid } = issuer.newestKey;
  const claims = new SignJWT(rosa).setIssuer(issuer.url).setAudience(audience);

  expect(await statusOf(await claims.setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey))).toBe(401);
});

test('when a token has expired within the tolerance, then it holds', async () => {
  expect(await statusOf(await issuer.token(rosa, { expiresInSeconds: -2 }))).toBe(200);
});

test('when the issuer has a new key, then tokens by it hold at once, and those by the old one until it is gone', async () => {
  const old = issuer.newestKey;
  const first = await issuer.token(rosa);
  await statusOf(first);

  const next = await issuer.makeKey();
  issuer.publish(old, next);
  const both = [await statusOf(await issuer.token(rosa)), await statusOf(first)];
  issuer.publish(next);
  await statusOf(await issuer.token(rosa, { key: await issuer.makeKey() }));
  const gone = await statusOf(first);

  expect([...both, gone]).toEqual([200, 200, 401]);
});

test('when many tokens name keys that nobody knows, then the issuer is asked once in a while', async () => {
  await reopen({ cooldownMs: 60_000 });
  await statusOf(await issuer.token(rosa));
  const stranger = await issuer.token(rosa, { key: await issuer.makeKey() });

  const answers = await Promise.all(Array.from({ length: 20 }, () => statusOf(stranger)));

  expect(new Set(answers)).toEqual(new Set([401]));
  expect(issuer.keysAsked).toBe(1);
});

test('when the issuer is away, then tokens by a key that is here hold, and the others are a 503', async () => {
  const token = await issuer.token(rosa);
  await statusOf(token);
  await issuer.goAway();

  const known = await statusOf(token);
  const unknown = await app.send(`Bearer ${await issuer.token(rosa, { key: await issuer.makeKey() })}`);

  expect(known).toBe(200);
  expect(unknown.status).toBe(503);
  expect(unknown.headers.get('retry-after')).toBe('1');
});

test('when the issuer is away, then tokens that name its key with another algorithm are a 401, and it is not asked', async () => {
  await statusOf(await issuer.token(rosa));
  const { kid } = issuer.newestKey;
  await issuer.goAway();

  const { privateKey } = await generateKeyPair('RS256');
  const confused = await new SignJWT(allClaims()).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  const answers = [await statusOf(confused), await statusOf(confused)];

  expect(answers).toEqual([401, 401]);
  expect(await app.failures('token_signature')).toBe(2);
});

test('when the issuer answers nonsense, then tokens by a key that is here hold, and the others are a 503', async () => {
  const token = await issuer.token(rosa);
  await statusOf(token);
  issuer.fallIll('nonsense');

  const unknown = await statusOf(await issuer.token(rosa, { key: await issuer.makeKey() }));

  expect([unknown, await statusOf(token)]).toEqual([503, 200]);
});

test('when many tokens come while the issuer hangs, then it is asked once, and not again for a while', async () => {
  await reopen({ cooldownMs: 60_000, timeoutMs: 100 });
  issuer.fallIll('hanging');
  const token = await issuer.token(rosa);

  const first = await Promise.all(Array.from({ length: 20 }, () => statusOf(token)));
  const later = await statusOf(token);

  expect(new Set([...first, later])).toEqual(new Set([503]));
  expect(issuer.asked).toBe(1);
});

test('when the issuer has been away for too long, then tokens by keys that were here are a 503', async () => {
  await reopen({ keptForMs: 0 });
  const token = await issuer.token(rosa);

  const before = await statusOf(token);
  await issuer.goAway();

  expect([before, await statusOf(token)]).toEqual([200, 503]);
});

test('when the issuer is away from the start, then it is a 503, until it is back', async () => {
  await issuer.goAway();
  const token = await issuer.token(rosa);

  const away = await statusOf(token);
  await issuer.comeBack();

  expect([away, await statusOf(token)]).toEqual([503, 200]);
});

test('when the issuer publishes nothing of itself, then its keys are where JWT_JWKS_URL says', async () => {
  await reopen({ jwksUrl: `${issuer.url}/keys` });

  expect(await statusOf(await issuer.token(rosa))).toBe(200);
});
