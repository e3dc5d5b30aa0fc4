import { describe, expect, test } from '@jest/globals';
import { Parser } from '@asyncapi/parser';
import { headers } from '../messaging/headers.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { notificationsRpc } from './notifications-rpc.ts';
import { sampleEvent } from './samples.ts';
import { ticketCreated } from './ticket-created.ts';
import { ticketingRpc } from './ticketing-rpc.ts';
import { notificationsRpcQueue, ticketCreatedSubscription, ticketingRpcQueue } from './topology.ts';

const document = asyncApiDocument();

/** That 3.1.0 is out: it is 3.0.0 with bindings for ROS 2, and more tools read 3.0.0. */
const accepted = new Set(['asyncapi-latest-version']);

/** What AsyncAPI's own parser has to say, errors, warnings and hints alike. */
async function diagnosticsOf(content: object): Promise<string[]> {
  const { diagnostics } = await new Parser().parse(JSON.stringify(content));
  return diagnostics
    .filter(({ code }) => !accepted.has(String(code)))
    .map(({ code, message, path }) => `${code} at ${path.join('.')}: ${message}`);
}

describe('the description of the messages', () => {
  test("when AsyncAPI's own parser reads it, then it has no complaint", async () => {
    await expect(diagnosticsOf(document)).resolves.toEqual([]);
  });

  test('when something in it is off, then the parser does complain', async () => {
    const { replies: _left, ...channels } = document.channels;

    expect(await diagnosticsOf({ ...document, channels })).not.toEqual([]);
  });
});

describe('each call', () => {
  const operations: Record<string, unknown> = document.operations;
  const { components } = document;

  test.each([
    ...Object.keys(ticketingRpc).map((method) => [method, 'rpc']),
    ...Object.keys(notificationsRpc).map((method) => [method, 'notificationsRpc']),
  ])('when it is %s, then there is an operation on the channel %s with a request and a reply', (method, channel) => {
    expect(operations[method]).toMatchObject({
      messages: [{ $ref: `#/channels/${channel}/messages/${method}Request` }],
      reply: { messages: [{ $ref: `#/channels/replies/messages/${method}Reply` }] },
    });
    expect(components.messages).toHaveProperty(
      `${method}Request.payload.$ref`,
      `#/components/schemas/${method}Request`,
    );
    expect(components.messages).toHaveProperty(`${method}Reply.payload.$ref`, `#/components/schemas/${method}Reply`);
  });

  test('when it is answered, then with its own result, a refusal or a failure', () => {
    expect(components.schemas['CreateTicketReply']).toMatchObject({
      oneOf: [
        { properties: { kind: { const: 'result' }, result: { $ref: '#/components/schemas/Ticket' } } },
        { properties: { kind: { const: 'refusal' } } },
        { properties: { kind: { const: 'failure' } } },
      ],
    });
  });
});

test('when a queue is declared, then the description has its name and every argument', () => {
  const { rpc, notificationsRpc: calls, ticketCreatedForNotifications, ticketCreatedDeadLetters } = document.channels;
  const described = [rpc, calls, ticketCreatedForNotifications, ticketCreatedDeadLetters].map(
    ({ address, bindings }) => ({
      name: address,
      arguments: bindings.amqp['x-queue-arguments'],
    }),
  );

  const { queue, deadLetterQueue } = ticketCreatedSubscription;
  expect(described).toEqual([ticketingRpcQueue, notificationsRpcQueue, queue, deadLetterQueue]);
});

test('when a header is one of ours, then the description says what it means', () => {
  const text = JSON.stringify(document.components.messages);

  expect(Object.values(headers).filter((name) => !text.includes(`"${name}":{"type"`))).toEqual([]);
});

test('when a consumer reads the example, then it is a TicketCreated to the last field', () => {
  expect(ticketCreated.parse(sampleEvent)).toEqual(sampleEvent);
});
