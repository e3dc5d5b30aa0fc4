import type { TicketCreated } from '@turno/shared';
import { Temporal } from 'temporal-polyfill';
import type { SmsTemplate, SmsTemplates } from './sms-template.ts';
import { measured, type MeasuredText } from './segments.ts';
import { transliterated } from './transliteration.ts';
import { isolated } from './writing-direction.ts';

type Ticket = TicketCreated['data'];

export interface SmsWriterOptions {
  readonly templates: SmsTemplates;
  /** Promotions are dropped, the last one first, until a text has no more segments than these. */
  readonly maxSegments: number;
  /** Whether a text may be put into GSM-7 where that saves segments: see {@link transliterated}. */
  readonly transliterate: boolean;
}

/** Writes what a customer reads. */
export class SmsWriter {
  readonly #options: SmsWriterOptions;

  constructor(options: SmsWriterOptions) {
    this.#options = options;
  }

  /**
   * The turn, and the promotional messages behind it as far as there is room. A turn that alone has too many segments has the
   * short names of branch, sector and service, and is written whole whatever it takes then.
   */
  turn(ticket: Ticket, messages: readonly string[]): MeasuredText {
    const template = this.#options.templates.for(ticket.language);
    const turn = turnIn(template, ticket, 'name');
    return (
      this.#longestThatFits(messages, (some) => [turn, ...some.map((each) => within(template, each))].join(' ')) ??
      this.#measured(turnIn(template, ticket, 'short_name'))
    );
  }

  /** The promotional messages as an SMS of their own, as far as there is room; undefined when there is not even for one. */
  promotions(ticket: Ticket, messages: readonly string[]): MeasuredText | undefined {
    const template = this.#options.templates.for(ticket.language);
    return this.#longestThatFits(messages, (some) =>
      some.length === 0
        ? undefined
        : template.promotions({
            branch: within(template, ticket.branch.name),
            messages: some.map((each) => within(template, each)).join(' '),
          }),
    );
  }

  #longestThatFits(
    messages: readonly string[],
    write: (some: readonly string[]) => string | undefined,
  ): MeasuredText | undefined {
    for (let count = messages.length; count >= 0; count--) {
      const text = write(messages.slice(0, count));
      const written = text === undefined ? undefined : this.#measured(text);
      if (written && written.segments <= this.#options.maxSegments) return written;
    }
    return undefined;
  }

  #measured(text: string): MeasuredText {
    // Composed, `ñ` is in GSM-7; as `n` and a tilde it is not.
    const written = measured(text.normalize('NFC'));
    return this.#options.transliterate ? transliterated(written) : written;
  }
}

function turnIn(template: SmsTemplate, ticket: Ticket, names: 'name' | 'short_name'): string {
  const turn = template.turn({
    turn: within(template, `${ticket.queue}${ticket.number}`),
    branch: within(template, ticket.branch[names]),
    sector: within(template, ticket.sector[names]),
    service: within(template, ticket.service[names]),
  });
  return [turn, ...openingIn(template, ticket), waitIn(template, ticket)].join(' ');
}

/** When the branch opens, for a ticket that was taken ahead of it; in the branch's own time. */
function openingIn(template: SmsTemplate, { branch, created_at: created, time_zone: zone }: Ticket): string[] {
  if (Date.parse(created) >= Date.parse(branch.opening_time)) return [];
  const [taken, opens] = [created, branch.opening_time].map((instant) =>
    Temporal.Instant.from(instant).toZonedDateTimeISO(zone),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime];
  const time = opens.toPlainTime().toLocaleString(template.language, { timeStyle: 'short' });
  if (taken.toPlainDate().equals(opens.toPlainDate())) return [template.opens_today({ time })];
  const day = opens.toPlainDate().toLocaleString(template.language, { day: 'numeric', month: 'short' });
  return [template.opens_later({ day, time })];
}

function waitIn(template: SmsTemplate, { low_estimated_time, high_estimated_time }: Ticket): string {
  const [low, high] = [Number(low_estimated_time), Number(high_estimated_time)];
  if (high === 0) return template.wait_none({});
  return low === high ? template.wait_single({ minutes: high }) : template.wait_range({ low, high });
}

function within(template: SmsTemplate, text: string): string {
  return isolated(text, { within: template.direction });
}
