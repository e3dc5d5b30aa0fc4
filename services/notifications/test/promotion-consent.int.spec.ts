import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, createIndexes, type Connection } from '@turno/mongo';
import {
  BrokerConnection,
  createLogger,
  RemoteFailure,
  RpcClient,
  RpcServer,
  ticketingRpc,
  ticketingRpcQueue,
  type PromotionsDecision,
  type TicketingRpc,
} from '@turno/shared';
import { eventually } from '@turno/testing';
import { PromotionConsentRepository, promotionConsentModel } from '../src/data-access/promotion-consent-repository.ts';
import { relayConsents } from '../src/entry-points/consent-relay.ts';
import { notificationsModels } from '../src/index.ts';

const silent = createLogger('spec', 'silent');
const phone = '+51987776576';
const word = (allowed: boolean, at: number, from = phone) => ({ phone: from, allowed, since: new Date(at) });

let servers: Isolated;
let mongo: Connection;
let consents: PromotionConsentRepository;

beforeAll(async () => {
  servers = await isolateForTest('promotion-consent');
  mongo = await connectMongo(servers.mongoUrl, silent);
  await createIndexes(notificationsModels(mongo));
  consents = new PromotionConsentRepository(promotionConsentModel(mongo));
});
afterAll(async () => {
  await mongo.close();
  await servers.dispose();
});
beforeEach(async () => {
  await promotionConsentModel(mongo).deleteMany({});
});

describe('what a phone says of promotions', () => {
  test('when it says nothing, then nothing is known', async () => {
    await expect(consents.find(phone)).resolves.toBeUndefined();
  });

  test.each([
    ['in their order', [word(false, 1), word(true, 2)]],
    ['in the wrong order', [word(true, 2), word(false, 1)]],
    ['twice', [word(true, 2), word(false, 1), word(false, 1), word(true, 2)]],
  ])('when STOP and START arrive %s, then the last that was said stands', async (_how, words) => {
    for (const each of words) await consents.keep(each);

    await expect(consents.find(phone)).resolves.toEqual(word(true, 2));
  });

  test('when twenty words of a new phone arrive at once at several instances, then the last that was said stands', async () => {
    for (const from of ['+51900000001', '+51900000002', '+51900000003']) {
      const words = Array.from({ length: 20 }, (_, at) => word(at % 2 === 1, at, from));
      await Promise.all(words.toReversed().map((each) => consents.keep(each)));

      await expect(consents.find(from)).resolves.toEqual(word(true, 19, from));
    }
  });

  test('when ticketing has an older word only, then the newer one remains to be told', async () => {
    await consents.keep(word(false, 1));
    const [told] = await consents.untold(10);
    await consents.keep(word(true, 2));

    await consents.markTold(told!);
    await expect(consents.untold(10)).resolves.toEqual([word(true, 2)]);

    await consents.markTold(word(true, 2));
    await expect(consents.untold(10)).resolves.toEqual([]);
  });
});

describe('telling ticketing', () => {
  let connection: BrokerConnection;
  let client: RpcClient<TicketingRpc>;
  let relay: ReturnType<typeof relayConsents>;
  let told: PromotionsDecision[];

  beforeEach(async () => {
    told = [];
    connection = await BrokerConnection.open({ url: servers.amqpUrl, name: 'spec', logger: silent });
    client = new RpcClient({ connection, contract: ticketingRpc, queue: ticketingRpcQueue });
    await client.ready();
    relay = relayConsents({ consents, ticketing: client, logger: silent, sweepEveryMs: 20, pauseMs: 50 });
  });
  afterEach(async () => {
    await Promise.all([relay.stop(), client.close()]);
    await connection.close();
  });

  /** Ticketing, as far as it matters here. */
  async function startTicketing(refused?: string) {
    const server = new RpcServer({
      consumeOn: connection,
      replyOn: connection,
      contract: { DecidePromotions: ticketingRpc.DecidePromotions },
      queue: ticketingRpcQueue,
      handlers: {
        DecidePromotions: async (decision) => {
          if (decision.phone === refused) throw new RemoteFailure('never', false);
          told.push(decision);
          return {};
        },
      },
      logger: silent,
    });
    await server.ready();
    return server;
  }

  test('when ticketing is away at first, then it is told once it is there, and then no more', async () => {
    await consents.keep(word(false, 1));
    relay.start();
    const ticketing = await startTicketing();

    await eventually(async () => (await consents.untold(1)).length === 0);
    await consents.keep(word(true, 2));
    await eventually(async () => told.length === 2);

    expect(told).toEqual([
      { phone, allowed: false, since: '1970-01-01T00:00:00.001Z' },
      { phone, allowed: true, since: '1970-01-01T00:00:00.002Z' },
    ]);
    await ticketing.close();
  });

  test('when ticketing does not take one of them, then it is told the others', async () => {
    await consents.keep(word(false, 1, '+51900000001'));
    await consents.keep(word(false, 2));
    const ticketing = await startTicketing('+51900000001');
    relay.start();

    await eventually(async () => (await consents.untold(2)).length === 1);

    expect(told).toMatchObject([{ phone }]);
    expect(await consents.untold(2)).toMatchObject([{ phone: '+51900000001' }]);
    await ticketing.close();
  });
});
