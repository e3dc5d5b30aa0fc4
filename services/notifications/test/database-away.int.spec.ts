import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger, readConfig, ticketCreatedSubscription } from '@turno/shared';
import { eventually, TcpLink } from '@turno/testing';
import { notificationsConfig, startNotifications } from '../src/index.ts';
import { EventPublisher } from './event-publisher.ts';
import { Notifying } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

const silent = createLogger('spec', 'silent');

let notifying: Notifying;
let link: TcpLink;
let publisher: EventPublisher;
let service: Awaited<ReturnType<typeof startNotifications>>;

beforeEach(async () => {
  notifying = await Notifying.open('database-away');
  const { amqpUrl, mongoUrl } = notifying.servers;
  link = await TcpLink.to(mongoUrl);
  publisher = await EventPublisher.open(amqpUrl);
  const config = readConfig(notificationsConfig, {
    AMQP_URL: amqpUrl,
    NOTIFICATIONS_MONGO_URL: link.urlFor(mongoUrl),
    NOTIFICATIONS_PORT: '0',
    NOTIFICATIONS_OPS_PORT: '0',
    SMS_PROVIDER: 'inbox',
  });
  service = await startNotifications(config, silent);
});

afterEach(async () => {
  await service.stop();
  await link.close();
  await publisher.close();
  await notifying.dispose();
});

/** The database answers nothing any more; resolves once notifications has tried to reach it anew, again and again. */
async function loseDatabase(): Promise<void> {
  const { connections } = link;
  link.hold();
  await eventually(() => link.connections > connections + 3);
}

test('when the database is away, then an event that comes again and again has all its deliveries left', async () => {
  const lost = loseDatabase();
  await publisher.publish(eventOfTicket());
  await lost;

  await service.stop();

  const channel = await publisher.connection.model!.createChannel();
  const message = await eventually(() => channel.get(ticketCreatedSubscription.queue.name, { noAck: true }));
  expect(message.properties.headers!['x-acquired-count']).toBeGreaterThan(1);
  expect(message.properties.headers).not.toHaveProperty('x-delivery-count');
});

test('when the database is back, then the events of the outage are texted within 5 s, each once', async () => {
  const events = [1, 2, 3].map(() => eventOfTicket());
  const lost = loseDatabase();
  for (const event of events) await publisher.publish(event);
  await lost;

  await link.mend();

  await eventually(async () => (await notifying.inbox.newest(10)).length >= 3, 5_000);
  expect((await notifying.inbox.newest(10)).map(({ key }) => key).toSorted()).toEqual(
    events.map(({ id }) => id).toSorted(),
  );
});
