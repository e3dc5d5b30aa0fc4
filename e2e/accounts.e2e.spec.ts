import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  brokerLimits,
  createLogger,
  DeadLetters,
  maxMessageBytes,
  ticketCreatedSubscription,
  ticketingEntrances,
} from '@turno/shared';
import { eventually } from '@turno/testing';
import { AccountedSystem } from './accounted-system.ts';

const event = ticketCreatedSubscription;
const request = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

let system: AccountedSystem;

beforeAll(async () => {
  system = await AccountedSystem.start('accounts');
});
afterAll(() => system.stop());

/** Takes a ticket, and waits for its SMS. */
async function takeTicket(phone: string): Promise<number> {
  const answer = await eventually(async () => {
    const given = await system.post({ ...request, phone });
    return given.status === 503 ? undefined : given;
  });
  await eventually(async () => (await system.inbox()).some(({ to }) => to === phone));
  return answer.status;
}

const depthOf = (queue: string) =>
  system.asAdministrator(async (channel) => (await channel.checkQueue(queue)).messageCount);

describe("each service with the rights of its account, and with the broker's word for them", () => {
  test('when a ticket is taken, then its SMS comes', async () => {
    expect(await takeTicket('+51900000001')).toBe(201);
  });

  test('when a message is poison, then it becomes a dead letter, which notifications redrives', async () => {
    await system.asAdministrator(async (channel) => channel.sendToQueue(event.queue.name, Buffer.from('poison')));
    await eventually(async () => (await depthOf(event.deadLetterQueue.name)) === 1);

    const url = system.addressOf('notifications');
    const letters = await DeadLetters.open({ url, subscription: event, logger: createLogger('e2e', 'silent') });
    const { settled } = await letters.redrive(
      () => true,
      () => undefined,
    );
    await letters.close();

    expect(settled).toBe(1);
    await eventually(async () => (await depthOf(event.deadLetterQueue.name)) === 1);
  });

  test('when the console is opened, then the owners of the queues say what is in them', async () => {
    expect(await system.depthsOnConsole()).toEqual({
      'ticketing.rpc': 0,
      [event.queue.name]: 0,
      'notifications.rpc': 0,
      [event.deadLetterQueue.name]: 1,
    });
  });

  test('when exchange and queues are deleted, then the services make them again, and the SMS comes', async () => {
    await system.asAdministrator(async (channel) => {
      await channel.deleteQueue(event.queue.name);
      await channel.deleteQueue('ticketing.rpc');
      await channel.deleteExchange(event.exchange.name);
    });

    expect(await takeTicket('+51900000002')).toBe(201);
  });
});

describe('what no account of a service may do', () => {
  const { queue, deadLetterQueue, exchange } = event;

  test.each([
    ['gateway', queue.name],
    ['gateway', 'ticketing.rpc'],
    ['ticketing', deadLetterQueue.name],
    ['notifications', 'ticketing.rpc'],
  ] as const)('when %s consumes %s, then the broker refuses', async (user, name) => {
    await expect(system.as(user, (channel) => channel.consume(name, () => undefined))).rejects.toThrow(
      'ACCESS_REFUSED',
    );
  });

  test.each(['gateway', 'notifications'] as const)(
    'when %s publishes an event, then the broker refuses',
    async (user) => {
      const published = system.as(user, async (channel) => {
        channel.publish(exchange.name, event.routingKey, Buffer.from('{}'));
        await channel.waitForConfirms();
      });
      await expect(published).rejects.toThrow(/closed/i);
    },
  );

  test.each([
    ['gateway', queue.name],
    ['gateway', 'ticketing.rpc'],
    ['notifications', 'ticketing.rpc'],
  ] as const)('when %s deletes %s, then the broker refuses', async (user, name) => {
    await expect(system.as(user, (channel) => channel.deleteQueue(name))).rejects.toThrow('ACCESS_REFUSED');
  });

  test.each([
    ['gateway', '', queue.name],
    ['gateway', '', 'ticketing.rpc'],
    ['gateway', ticketingEntrances.notifications.exchange.name, 'ticketing.rpc'],
    ['notifications', ticketingEntrances.gateway.exchange.name, 'ticketing.rpc'],
  ] as const)('when %s publishes to the exchange "%s" for %s, then the broker refuses', async (user, from, to) => {
    const published = system.as(user, async (channel) => {
      channel.publish(from, to, Buffer.from('{}'), { type: 'Ping' });
      await channel.waitForConfirms();
    });
    await expect(published).rejects.toThrow(/closed/i);
  });

  test.each([
    ['by its own entrance', ticketingEntrances.notifications],
    ['straight into the queue', undefined],
  ])('when notifications asks for a ticket %s, then ticketing refuses, and there is no ticket', async (_how, by) => {
    const before = await system.ticketCount();

    const asked = system.callTicketing('notifications', 'CreateTicket', request, by);

    await expect(asked).rejects.toThrow('the request breaks the contract');
    expect(await system.ticketCount()).toBe(before);
  });

  test('when notifications makes a call of its own straight into the queue, then it is refused, too', async () => {
    const asked = system.callTicketing('notifications', 'AnnounceTicketsAgain', {}, undefined);

    await expect(asked).rejects.toThrow('the request breaks the contract');
  });

  test('when a request is larger than any of ours, then it is refused before it is read', async () => {
    const channel = 'x'.repeat(maxMessageBytes);
    const asked = system.callTicketing('gateway', 'CreateTicket', { ...request, channel }, ticketingEntrances.gateway);

    await expect(asked).rejects.toThrow('the request breaks the contract');
  });

  test('when an event is larger than any of ours, then it becomes a dead letter with that reason', async () => {
    await system.asAdministrator(async (channel) =>
      channel.sendToQueue(queue.name, Buffer.alloc(maxMessageBytes + 1, ' '), { messageId: 'large' }),
    );

    const reason = await eventually(async () => system.deadLetterReason('large'));
    expect(reason).toBe('the message has 262145 bytes, and 262144 are the most');
  });

  test('when an account has many connections, then the broker lets it have no more than its limit', async () => {
    expect(await system.limitsOf('gateway')).toEqual(brokerLimits);
  });

  test('when the gateway asks how many messages a queue has, then the broker refuses', async () => {
    // RabbitMQ 4.3 asks for the right to configure here, which is one to delete, too.
    await expect(system.as('gateway', (channel) => channel.checkQueue(queue.name))).rejects.toThrow('ACCESS_REFUSED');
  });

  test('when the gateway declares a queue, then the broker refuses', async () => {
    await expect(system.as('gateway', (channel) => channel.assertQueue('gateway.any'))).rejects.toThrow(
      'ACCESS_REFUSED',
    );
  });
});
