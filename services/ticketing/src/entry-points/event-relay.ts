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
import type { Outbox } from '../domain/outbox.ts';
import type { PendingEvent, PublishedEvent, UnpublishedTickets } from '../domain/ticket-store.ts';
import { ticketCreatedEvent, type IssuedTicket } from '../domain/ticket.ts';

export interface EventRelayOptions {
  readonly tickets: UnpublishedTickets;
  readonly outbox: Pick<Outbox, 'settle' | 'doubt' | 'leaveBehind'>;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often to look for events that were left behind, in milliseconds. */
  readonly sweepEveryMs?: number;
}

/** Events that a sweep has under way at the same time, beside those that are announced meanwhile. */
const batchSize = 200;

/**
 * Who has just taken a ticket has the SMS before those of an outage, or of a queue that was lost with its thousands.
 *
 * @see https://www.rabbitmq.com/docs/priority quorum queues favour what is above 4
 */
const ofNewTickets = 5;
const ofLeftBehind = 0;

/**
 * Publishes TicketCreated and notes it in the outbox once the broker has the event. A new ticket's event goes out at once;
 * what a crash or an absent broker left behind is marked in the ticket and swept up later. Either may publish an event a second
 * time, as after a crash before it was noted or with two instances sweeping: consumers know an event by its id.
 */
export class EventRelay {
  readonly #options: EventRelayOptions;
  readonly #underWay = new Map<string, Promise<boolean>>();
  readonly #mark: (event: PublishedEvent) => Promise<void>;
  readonly #leaveBehind: (ticketId: string) => Promise<void>;
  #sweeping: Promise<void> | undefined;
  #sweeps = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: EventRelayOptions) {
    this.#options = options;
    const mark = async (events: readonly PublishedEvent[]): Promise<[]> => {
      await options.tickets.markPublished(events);
      return [];
    };
    const leaveBehind = async (ids: readonly string[]): Promise<[]> => {
      await options.tickets.leaveBehind(ids);
      return [];
    };
    // Two instances that sweep may be at the same events.
    this.#mark = inGroups(mark, { order: (a, b) => byText(a.ticketId, b.ticketId) });
    this.#leaveBehind = inGroups(leaveBehind, { order: byText });
  }

  /** Sweeps now, for what the last crash left, and from then on regularly. */
  start(): void {
    this.#stopping = false;
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = undefined;
      this.#timer = setTimeout(() => this.start(), this.#options.sweepEveryMs ?? 1_000);
    });
  }

  /** Publishes the event of a new ticket in the background. A failure is no loss: the sweep comes to it. */
  announce(ticket: IssuedTicket): void {
    void this.#once(ticket, async () => {
      const isPublished = await this.#publish(ticket, ofNewTickets);
      const isNoted = isPublished || (await this.#hasLeftBehind(ticket));
      if (isNoted) await this.#options.outbox.settle(ticket.id);
      else this.#options.outbox.doubt(ticket.id);
      return isPublished;
    });
  }

  /** Resolves once everything under way is published and noted, or has failed and is left to the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#sweeping;
    clearTimeout(this.#timer);
    await Promise.all(this.#underWay.values());
  }

  /** Goes on while there is more than one batch and all of it goes out. */
  async #sweep(): Promise<void> {
    try {
      // Every other time: what a crash left is found within four seconds, and an idle instance asks for little.
      if (this.#sweeps++ % 2 === 0) await this.#options.outbox.leaveBehind();
      while (!this.#stopping && this.#options.publisher.isReady && (await this.#sweepBatch()));
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'could not look for events that were left behind');
    }
  }

  /** @returns whether it is to be followed by another one at once */
  async #sweepBatch(): Promise<boolean> {
    const { tickets, clock, logger } = this.#options;
    const leftBehind = await tickets.unpublishedBefore(clock(), batchSize);
    if (leftBehind.length === 0) return false;
    logger.info({ events: leftBehind.length }, 'publishing events that were left behind');
    const ends = await Promise.all(leftBehind.map((event) => this.#publishLeftBehind(event)));
    return leftBehind.length === batchSize && ends.every((isPublished) => isPublished);
  }

  #publishLeftBehind({ ticket, since }: PendingEvent): Promise<boolean> {
    return this.#once(ticket, async () => {
      if (!(await this.#publish(ticket, ofLeftBehind))) return false;
      return this.#isDone(ticket, () => this.#mark({ ticketId: ticket.id, since }));
    });
  }

  #hasLeftBehind(ticket: IssuedTicket): Promise<boolean> {
    return this.#isDone(ticket, () => this.#leaveBehind(ticket.id));
  }

  #once({ id }: IssuedTicket, work: () => Promise<boolean>): Promise<boolean> {
    const known = this.#underWay.get(id);
    if (known) return known;
    const ended = work().finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, ended);
    return ended;
  }

  /** @returns whether the broker has the event */
  #publish(ticket: IssuedTicket, priority: number): Promise<boolean> {
    const event = ticketCreatedEvent(ticket);
    return this.#isDone(ticket, () =>
      this.#options.publisher.publish({
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
      }),
    );
  }

  async #isDone({ id, request }: IssuedTicket, step: () => Promise<void>): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      const line = { request_id: request.id, trace_id: traceIdOf(request.trace), ticket_id: id };
      this.#options.logger.warn({ err: error, ...line }, 'an event was left behind, the sweep will publish it');
      return false;
    }
  }
}
