import { messages } from './asyncapi-messages.ts';
import { messageSchemas, methods } from './asyncapi-schemas.ts';
import { notificationsRpc } from './notifications-rpc.ts';
import { notificationsEntrances, ticketingEntrances, type RpcEntrance } from './rpc-entrances.ts';
import { sampleEvent } from './samples.ts';
import { ticketingRpc } from './ticketing-rpc.ts';
import {
  notificationsRpcQueue,
  ticketCreatedSubscription,
  ticketingRpcQueue,
  type QueueDefinition,
} from './topology.ts';

const bindingVersion = '0.3.0';
const { exchange, routingKey, queue, deadLetterQueue } = ticketCreatedSubscription;

/** Who answers calls, and on which channel of the description. */
const rpcServices = [
  {
    name: 'ticketing',
    channel: 'rpc',
    queue: ticketingRpcQueue,
    methods: Object.keys(ticketingRpc),
    entrances: ticketingEntrances,
  },
  {
    name: 'notifications',
    channel: 'notificationsRpc',
    queue: notificationsRpcQueue,
    methods: Object.keys(notificationsRpc),
    entrances: notificationsEntrances,
  },
] as const;

/**
 * All that goes over the broker, as an AsyncAPI 3.0 document: made from the schemas that both sides validate with and
 * from the topology that both sides declare, so that it cannot say anything else than they do.
 */
export function asyncApiDocument() {
  return {
    asyncapi: '3.0.0',
    id: 'urn:turno:messages',
    info: {
      title: 'Turno, messages between the services',
      version: '1.0.0',
      description:
        'The gateway asks ticketing over RPC; ticketing publishes an event for each ticket; notifications sends an SMS ' +
        'for it, has ticketing announce its tickets again when the queue of the events is gone, and tells it who wants ' +
        'promotions no more. The console of the gateway asks both how they are doing. Each operation is described from the side of the service that it is tagged with. Consumers take ' +
        'fields that they do not know.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      contact: { name: 'Turno' },
      tags: [{ name: 'ticketing' }, { name: 'notifications' }],
    },
    defaultContentType: 'application/json',
    servers: {
      broker: {
        host: 'localhost:5672',
        protocol: 'amqp',
        protocolVersion: '0.9.1',
        description: 'RabbitMQ 4.3 or newer; `AMQP_URL` says where.',
      },
    },
    channels: channels(),
    operations: { ...callOperations(), ...eventOperations },
    components: {
      schemas: messageSchemas(),
      messages: messages(sampleEvent.type, sampleEvent),
      correlationIds: {
        call: {
          description:
            "AMQP's property `correlation-id`: the caller's own for each call, and sent back with its reply.",
          location: '$message.header#/correlationId',
        },
      },
    },
  };
}

function channels() {
  return {
    rpc: rpcChannel(rpcServices[0]),
    notificationsRpc: rpcChannel(rpcServices[1]),
    replies: {
      address: null,
      title: 'Replies to callers',
      description: 'Direct reply-to: there is no queue, and a reply whose caller is gone is lost.',
      messages: messageRefs([...methods.map((method) => `${method}Reply`), 'Replies']),
    },
    ticketCreated: {
      address: routingKey,
      title: 'Events of tickets',
      description: 'Published with a confirm once the ticket is stored, at least once.',
      messages: messageRefs(['TicketCreated']),
      bindings: {
        amqp: { is: 'routingKey', exchange: { ...exchange, durable: true, autoDelete: false }, bindingVersion },
      },
    },
    ticketCreatedForNotifications: {
      address: queue.name,
      title: 'TicketCreated on its way to notifications',
      description:
        `Bound to the exchange \`${exchange.name}\` by \`${routingKey}\`. A rejected message comes again after a delay; ` +
        'when its deliveries are used up, the broker hands it to the dead-letter queue.',
      messages: messageRefs(['TicketCreated']),
      bindings: { amqp: queueBinding(queue) },
    },
    ticketCreatedDeadLetters: {
      address: deadLetterQueue.name,
      title: 'TicketCreated that was given up',
      description: 'Kept until an operator sends it again or drops it.',
      messages: messageRefs(['TicketCreatedDeadLetter']),
      bindings: { amqp: queueBinding(deadLetterQueue) },
    },
  };
}

function rpcChannel({ name, queue: requests, methods: answered, entrances }: (typeof rpcServices)[number]) {
  return {
    address: requests.name,
    title: `Calls to ${name}`,
    description:
      "The AMQP `type` names the call. A request is transient and lives as long as its caller waits: AMQP's " +
      '`expiration` is the time from now to its deadline. Each caller has an exchange of its own, and is refused by any ' +
      `other way: ${inWords(entrances)}, routed by the name of the queue. Requests that a caller has at the same time may share ` +
      'a message, `Calls`, and replies that are ready at the same time share one, `Replies`, however they were asked for.',
    messages: messageRefs([...answered.map((method) => `${method}Request`), 'Calls']),
    bindings: { amqp: queueBinding(requests) },
  };
}

function inWords(entrances: Readonly<Record<string, RpcEntrance>>): string {
  return Object.entries(entrances)
    .map(([caller, by]) => `\`${by.exchange.name}\` for ${caller === 'gateway' ? 'the gateway' : caller}`)
    .join(', ');
}

/** As `declareQueue` declares it. The binding has no place for the arguments, which a declarer must know too. */
function queueBinding(definition: QueueDefinition) {
  return {
    is: 'queue',
    queue: { name: definition.name, durable: true, exclusive: false, autoDelete: false },
    'x-queue-arguments': definition.arguments,
    bindingVersion,
  };
}

const ticketing = [{ name: 'ticketing' }];
const notifications = [{ name: 'notifications' }];
const persistent = { amqp: { deliveryMode: 2, mandatory: true, bindingVersion } };

const eventOperations = {
  announceTicket: {
    action: 'send',
    title: 'Announce a ticket',
    tags: ticketing,
    channel: { $ref: '#/channels/ticketCreated' },
    messages: [{ $ref: '#/channels/ticketCreated/messages/TicketCreated' }],
    bindings: persistent,
  },
  notifyCustomer: {
    action: 'receive',
    title: 'Send the SMS of a ticket',
    tags: notifications,
    channel: { $ref: '#/channels/ticketCreatedForNotifications' },
    messages: [{ $ref: '#/channels/ticketCreatedForNotifications/messages/TicketCreated' }],
    bindings: { amqp: { ack: true, bindingVersion } },
  },
  giveUp: {
    action: 'send',
    title: 'Give a message up',
    summary: 'A message that breaks the contract is given up at once, the reason in a header.',
    tags: notifications,
    channel: { $ref: '#/channels/ticketCreatedDeadLetters' },
    messages: [{ $ref: '#/channels/ticketCreatedDeadLetters/messages/TicketCreatedDeadLetter' }],
    bindings: persistent,
  },
};

function callOperations() {
  return Object.fromEntries(
    rpcServices.flatMap(({ methods: answered, ...service }) =>
      answered.map((method) => [method, callOf(method, service)] as const),
    ),
  );
}

function callOf(method: string, { name, channel }: { readonly name: string; readonly channel: string }) {
  return {
    action: 'receive',
    title: method,
    tags: [{ name }],
    channel: { $ref: `#/channels/${channel}` },
    messages: [{ $ref: `#/channels/${channel}/messages/${method}Request` }],
    reply: {
      address: {
        description: "AMQP's property `reply-to`, which is always `amq.rabbitmq.reply-to`.",
        location: '$message.header#/replyTo',
      },
      channel: { $ref: '#/channels/replies' },
      messages: [{ $ref: `#/channels/replies/messages/${method}Reply` }],
    },
    bindings: { amqp: { deliveryMode: 1, mandatory: true, ack: true, bindingVersion } },
  };
}

function messageRefs(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}
