import {
  cloudEventsContentType,
  headers,
  byText,
  inGroups,
  routingKeys,
  ticketingEvents,
  traceIdOf,
  type Clock,
  type Logger,
  type Publisher,
} from '@turno/shared';
import type { PendingEvent, PublishedEvent, UnpublishedTickets } from '../domain/ticket-store.ts';
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

/** Events that a sweep has under way at the same time, beside those that are announced meanwhile. */
const batchSize = 200;

/**
 * A mark costs the database as much as the ticket did, and half of that where several go together. Nobody waits for it: what a crash
 * leaves unmarked is published once more. In milliseconds.
 */
const markWithinMs = 100;

/**
 * Who has just taken a ticket has the SMS before those of an outage, or of a queue that was lost with its thousands.
 *
 * @see https://www.rabbitmq.com/docs/priority quorum queues favour what is above 4
 */
const ofNewTickets = 5;
const ofLeftBehind = 0;

/**
 * Publishes TicketCreated and marks the ticket once the broker has the event. A new ticket's event goes out at once;
 * what a crash or an absent broker left behind is swept up later. Either may publish an event a second time, as after a
 * crash before the mark or with two instances sweeping: consumers know an event by its id.
 */
export class EventRelay {
  readonly #options: EventRelayOptions;
  readonly #underWay = new Map<string, Promise<boolean>>();
  readonly #mark: (event: PublishedEvent) => Promise<void>;
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: EventRelayOptions) {
    this.#options = options;
    const mark = async (events: readonly PublishedEvent[]): Promise<[]> => {
      await options.tickets.markPublished(events);
      return [];
    };
    // Two instances that sweep may be at the same events.
    this.#mark = inGroups(mark, { lingerMs: markWithinMs, order: (a, b) => byText(a.ticketId, b.ticketId) });
  }

  /** Sweeps now, for what the last crash left, and from then on regularly. */
  start(): void {
    this.#stopping = false;
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = undefined;
      this.#timer = setTimeout(() => this.start(), this.#options.sweepEveryMs ?? 1_000);
    });
  }

  /** Publishes the event of a ticket in the background. A failure is no loss: the sweep comes to it. */
  announce(ticket: IssuedTicket): void {
    void this.#publishOnce({ ticket, since: ticket.createdAt }, ofNewTickets);
  }

  /** Resolves once everything under way is published and marked, or has failed and is left to the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#sweeping;
    clearTimeout(this.#timer);
    await Promise.all(this.#underWay.values());
  }

  /** Goes on while there is more than one batch and all of it goes out. */
  async #sweep(): Promise<void> {
    try {
      while (!this.#stopping && this.#options.publisher.isReady && (await this.#sweepBatch()));
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'could not look for events that were left behind');
    }
  }

  /** @returns whether it is to be followed by another one at once */
  async #sweepBatch(): Promise<boolean> {
    const { tickets, clock, logger, leftBehindAfterMs = 2_000 } = this.#options;
    const leftBehind = await tickets.unpublishedBefore(new Date(clock().getTime() - leftBehindAfterMs), batchSize);
    if (leftBehind.length === 0) return false;
    logger.info({ events: leftBehind.length }, 'publishing events that were left behind');
    const ends = await Promise.all(leftBehind.map((event) => this.#publishOnce(event, ofLeftBehind)));
    return leftBehind.length === batchSize && ends.every((isPublished) => isPublished);
  }

  /** @returns whether the broker has the event and its ticket is marked */
  #publishOnce(event: PendingEvent, priority: number): Promise<boolean> {
    const { id } = event.ticket;
    const known = this.#underWay.get(id);
    if (known) return known;
    const work = this.#publish(event, priority).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, work);
    return work;
  }

  async #publish({ ticket, since }: PendingEvent, priority: number): Promise<boolean> {
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
          priority,
          headers: { [headers.requestId]: event.requestid },
        },
        trace: ticket.request.trace,
      });
      await this.#mark({ ticketId: ticket.id, since });
      return true;
    } catch (error) {
      const line = { request_id: event.requestid, trace_id: traceIdOf(ticket.request.trace), ticket_id: ticket.id };
      logger.warn({ err: error, ...line }, 'an event was left behind, the sweep will publish it');
      return false;
    }
  }
}
