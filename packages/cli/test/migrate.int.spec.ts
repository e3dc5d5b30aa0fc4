import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, type Connection } from '@turno/mongo';
import { BrokerConnection, createLogger, sampleTicket, ticketCreatedSubscription } from '@turno/shared';
import { ticketModel, TicketRepository } from '@turno/ticketing';
import { migrate } from '../src/migrate-command.ts';

const silent = createLogger('spec', 'silent');
const { name: queue } = ticketCreatedSubscription.queue;

let servers: Isolated;
let database: Connection;
let connection: BrokerConnection;

beforeEach(async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  servers = await isolateForTest('migrate');
  database = await connectMongo(servers.mongoUrl, silent);
  connection = await BrokerConnection.open({ url: servers.amqpUrl, name: 'spec', logger: silent });
  process.env['AMQP_URL'] = servers.amqpUrl;
  process.env['TICKETING_MONGO_URL'] = process.env['NOTIFICATIONS_MONGO_URL'] = servers.mongoUrl;
});

afterEach(async () => {
  jest.restoreAllMocks();
  await connection.close();
  await database.close();
  await servers.dispose();
});

/** A ticket of just now whose event has been published. */
async function storePublished(): Promise<void> {
  const now = new Date();
  const ticket = {
    id: 'ticket-1',
    branchId: '27b6',
    queue: 'T',
    businessDay: now.toISOString().slice(0, 10),
    number: 1,
    request: { id: 'request-1', key: 'key-1', fingerprint: 'as it was' },
    customerId: undefined,
    holder: undefined,
    slot: undefined,
    language: 'es' as const,
    promotionsAllowed: true,
    timeZone: 'America/Lima',
    issued: sampleTicket,
    createdAt: now,
  };
  await new TicketRepository(ticketModel(database)).insertInOrder([ticket]);
}

const pending = () => ticketModel(database).countDocuments({ unpublishedSince: { $exists: true } });

test('when a queue was deleted, then it is made again with its binding, and its tickets are to be announced again', async () => {
  await migrate();
  await storePublished();
  const channel = await (await connection.up()).createConfirmChannel();

  await migrate();
  const before = await pending();
  await channel.deleteQueue(queue);
  await migrate();

  expect([before, await pending()]).toEqual([0, 1]);
  channel.publish('ticketing.events', 'ticket.created', Buffer.from('{}'));
  await channel.waitForConfirms();
  expect((await channel.checkQueue(queue)).messageCount).toBe(1);
});
