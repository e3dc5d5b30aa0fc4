import {
  BrokerConnection,
  createLogger,
  declareSubscription,
  Publisher,
  routingKeys,
  ticketCreatedSubscription,
  ticketingEvents,
  type TicketCreated,
} from '@turno/shared';

/** Publishes TicketCreated as ticketing does. */
export class EventPublisher {
  readonly connection: BrokerConnection;
  readonly #publisher: Publisher;

  private constructor(connection: BrokerConnection, publisher: Publisher) {
    this.connection = connection;
    this.#publisher = publisher;
  }

  static async open(amqpUrl: string): Promise<EventPublisher> {
    const logger = createLogger('spec', 'silent');
    const connection = await BrokerConnection.open({ url: amqpUrl, name: 'spec', logger });
    const publisher = new Publisher({
      connection,
      declare: (channel) => declareSubscription(channel, ticketCreatedSubscription),
    });
    await publisher.ready();
    return new EventPublisher(connection, publisher);
  }

  publish(event: TicketCreated): Promise<void> {
    return this.#publisher.publish({
      exchange: ticketingEvents.name,
      routingKey: routingKeys.ticketCreated,
      body: Buffer.from(JSON.stringify(event)),
      properties: { messageId: event.id },
    });
  }

  async close(): Promise<void> {
    await this.#publisher.close();
    await this.connection.close();
  }
}
