import {
  cloudEventsContentType,
  headers,
  routingKeys,
  ticketingEvents,
  type Clock,
  type Logger,
  type Publisher,
} from '@turno/shared';
import type { UnpublishedTickets } from '../domain/ticket-store.ts';
import { ticketCreatedEvent, type IssuedTicket } from '../domain/ticket.ts';

export interface EventRelayOptions {
  readonly tickets: UnpublishedTickets;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often to look for events that were left behind, in milliseconds. */
  readonly sweepEveryMs?: number;
  /** An event is left behind when it is pending for so long: before, whoever created the ticket is still at it. */
  readonly leftBehindAfterMs?: number;
}

const sweepSize = 200;

/**
 * Publishes TicketCreated and marks the ticket once the broker has the event. A new ticket's event goes out at once;
 * what a crash or an absent broker left behind is swept up later. Either may publish an event a second time, as after a
 * crash before the mark or with two instances sweeping: consumers know an event by its id.
 */
export class EventRelay {
  readonly #options: EventRelayOptions;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #unmarked: string[] = [];
  #marking: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EventRelayOptions) {
    this.#options = options;
  }

  /** Sweeps now, for what the last crash left, and from then on regularly. */
  start(): void {
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = undefined;
      this.#timer = setTimeout(() => this.start(), this.#options.sweepEveryMs ?? 1_000);
    });
  }

  /** Publishes the event of a ticket in the background. A failure is no loss: the sweep comes to it. */
  announce(ticket: IssuedTicket): void {
    void this.#publishOnce(ticket);
  }

  /** Resolves once everything under way is published and marked, or has failed and is left to the next start. */
  async stop(): Promise<void> {
    await this.#sweeping;
    clearTimeout(this.#timer);
    await Promise.all(this.#underWay.values());
    await this.#marking;
  }

  async #sweep(): Promise<void> {
    const { tickets, clock, logger, leftBehindAfterMs = 5_000, publisher } = this.#options;
    if (!publisher.isReady) return;
    try {
      const leftBehind = await tickets.unpublishedBefore(new Date(clock().getTime() - leftBehindAfterMs), sweepSize);
      if (leftBehind.length === 0) return;
      logger.info({ events: leftBehind.length }, 'publishing events that were left behind');
      await Promise.all(leftBehind.map((ticket) => this.#publishOnce(ticket)));
    } catch (error) {
      logger.warn({ err: error }, 'could not look for events that were left behind');
    }
  }

  #publishOnce(ticket: IssuedTicket): Promise<void> {
    const known = this.#underWay.get(ticket.id);
    if (known) return known;
    const work = this.#publish(ticket).finally(() => this.#underWay.delete(ticket.id));
    this.#underWay.set(ticket.id, work);
    return work;
  }

  async #publish(ticket: IssuedTicket): Promise<void> {
    const { publisher, logger } = this.#options;
    const event = ticketCreatedEvent(ticket);
    try {
      await publisher.publish({
        exchange: ticketingEvents.name,
        routingKey: routingKeys.ticketCreated,
        body: Buffer.from(JSON.stringify(event)),
        properties: {
          type: event.type,
          messageId: event.id,
          contentType: cloudEventsContentType,
          headers: { [headers.requestId]: event.requestid },
        },
      });
      await this.#mark(ticket.id);
    } catch (error) {
      logger.warn({ err: error, ticket_id: ticket.id }, 'an event was left behind, the sweep will publish it');
    }
  }

  /** Marks what has been confirmed while the last mark was under way, all in one write. */
  async #mark(id: string): Promise<void> {
    this.#unmarked.push(id);
    await this.#marking;
    if (this.#unmarked.length === 0) return;
    this.#marking = this.#options.tickets.markPublished(this.#unmarked.splice(0));
    try {
      await this.#marking;
    } finally {
      this.#marking = undefined;
    }
  }
}
