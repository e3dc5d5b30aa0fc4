import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createClient } from '@redis/client';
import { redisForTest } from '@turno/devstack';
import { createLogger, randomId } from '@turno/shared';
import { eventually, TcpLink } from '@turno/testing';
import { rateLimits } from '../src/http/rate-limit.ts';
import { SharedCounts } from '../src/shared-counts.ts';
import { limitedGateway, type LimitedGateway } from './limited-gateway.ts';

/** A machine that is busy with other specs is not to pass for a Redis that hangs. */
const patient = { withinMs: 1_500 };

let link: TcpLink;
let counts: SharedCounts[];
let gateways: LimitedGateway[];
let lines: string[];
let somebody: { kind: 'channel'; key_id: string; channel: string };

/** Two gateways that count in one Redis, which they reach by a link that can be broken. */
beforeAll(async () => {
  link = await TcpLink.to(redisForTest());
  const logger = createLogger('spec', 'warn', { write: (line: string) => void lines.push(line) });
  lines = [];
  counts = [1, 2].map(() => SharedCounts.open(link.urlFor(redisForTest()), logger, patient));
  const perMinute = { address: 0, key: 4, customer: 0 };
  gateways = await Promise.all(
    counts.map((shared) => limitedGateway(rateLimits({ perMinute, storeFor: (limit) => shared.storeFor(limit) }))),
  );
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  for (const shared of counts) shared.close();
  await link.close();
});

beforeEach(async () => {
  await link.mend();
  await eventually(() => counts.every((shared) => shared.isShared));
  lines = [];
  somebody = { kind: 'channel', key_id: randomId(), channel: 'mobile' };
});

const statuses = async (count: number) => {
  const [one, other] = gateways;
  return [await one!.statuses(count, somebody), await other!.statuses(count, somebody)];
};

test('when a key sends to two gateways, then its requests are counted together', async () => {
  expect(await statuses(3)).toEqual([
    [200, 200, 200],
    [200, 429, 429],
  ]);
});

test.each([
  ['is gone', () => link.cut()],
  ['hangs', async () => link.hold()],
])(
  'when Redis %s, then each gateway counts for itself, no request fails, and the log says so once',
  async (_what, breakIt) => {
    await breakIt();

    expect(await statuses(5)).toEqual([
      [200, 200, 200, 200, 429],
      [200, 200, 200, 200, 429],
    ]);
    expect(counts.map(({ isShared }) => isShared)).toEqual([false, false]);
    expect(lines.filter((line) => line.includes('Redis is away'))).toHaveLength(2);
  },
);

test('when Redis comes back without what it knew, then requests are counted together again', async () => {
  await link.cut();
  await statuses(1);
  await forgetEverything();
  await link.mend();
  await eventually(() => counts.every((shared) => shared.isShared));

  expect(await statuses(3)).toEqual([
    [200, 200, 200],
    [200, 429, 429],
  ]);
});

test('when Redis is not there at the start, then the gateway serves, and counts for itself', async () => {
  const shared = SharedCounts.open('redis://127.0.0.1:1', createLogger('spec', 'silent'));
  const perMinute = { address: 1, key: 0, customer: 0 };
  const alone = await limitedGateway(rateLimits({ perMinute, storeFor: (limit) => shared.storeFor(limit) }));

  expect(await alone.statuses(2)).toEqual([200, 429]);
  await alone.close();
  shared.close();
});

/** As one that was started anew. */
async function forgetEverything(): Promise<void> {
  const client = await createClient({ url: redisForTest() }).connect();
  await client.sendCommand(['SCRIPT', 'FLUSH']);
  await client.sendCommand(['FLUSHALL']);
  client.destroy();
}
