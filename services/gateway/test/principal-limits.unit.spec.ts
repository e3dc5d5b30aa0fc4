import { afterEach, expect, test } from '@jest/globals';
import { rateLimits, type LimitName, type RatesPerMinute } from '../src/http/rate-limit.ts';
import { limitedGateway, type LimitedGateway } from './limited-gateway.ts';

const off: RatesPerMinute = { address: 0, key: 0, customer: 0 };
const key = (id: string) => ({ kind: 'channel', key_id: id, channel: 'mobile' }) as const;
const customer = (id: string) => ({ kind: 'customer', customer_id: id }) as const;

let gateway: LimitedGateway;
let limited: LimitName[];

async function start(perMinute: Partial<RatesPerMinute>): Promise<void> {
  limited = [];
  const onLimited = (limit: LimitName) => limited.push(limit);
  gateway = await limitedGateway(rateLimits({ perMinute: { ...off, ...perMinute }, onLimited }));
}

afterEach(() => gateway.close());

test('when an API key has sent more than it may, then it is told 429, and another key and the anonymous are not', async () => {
  await start({ key: 2 });

  expect(await gateway.statuses(3, key('k1'))).toEqual([200, 200, 429]);
  expect(await gateway.statuses(1, key('k2'))).toEqual([200]);
  expect(await gateway.statuses(4)).toEqual([200, 200, 200, 200]);
  expect(limited).toEqual(['key']);
});

test('when a customer has sent more than one may, then it is told 429, and another customer is not', async () => {
  await start({ customer: 1, key: 1 });

  expect(await gateway.statuses(2, customer('ana'))).toEqual([200, 429]);
  // A key of the same name is somebody else.
  expect(await gateway.statuses(1, key('ana'))).toEqual([200]);
  expect(await gateway.statuses(1, customer('eva'))).toEqual([200]);
});

test('when several limits count a request, then its answer speaks of each', async () => {
  await start({ address: 5, key: 3, customer: 9 });

  const { headers } = await gateway.send(key('k1'));

  expect(headers.get('ratelimit')).toMatch(/^"address"; r=4; t=60, "key"; r=2; t=60$/);
  expect(headers.get('ratelimit-policy')).toMatch(/^"address"; q=5; w=60; pk=:.+:, "key"; q=3; w=60; pk=:.+:$/);
});

test('when an address guesses keys, then it is limited whatever it sends', async () => {
  await start({ address: 2, key: 9 });

  const guesses: number[] = [];
  for (const id of ['a', 'b', 'c']) guesses.push(...(await gateway.statuses(1, key(id))));

  expect(guesses).toEqual([200, 200, 429]);
});
