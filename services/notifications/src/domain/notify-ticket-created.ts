import { done, type Outcome, type TicketCreated, type TraceContext } from '@turno/shared';
import { keyOfPromotions } from './attempts.ts';
import type { DeliverSms } from './deliver-sms.ts';
import type { PromotionRules } from './promotion-rules.ts';
import type { SmsRecords, SmsState } from './sms-record.ts';
import type { SmsWriter } from './sms-text.ts';

/**
 * What becomes of promotions. with-turn: they follow the turn in its SMS. separate: they are an SMS of their own, for which
 * the provider may have a sender of its own, so that a STOP to it silences no turn. never: they are not sent.
 */
export const promotionPolicies = ['with-turn', 'separate', 'never'] as const;

export interface NotifyTicketCreatedDependencies {
  readonly promotions: (typeof promotionPolicies)[number];
  readonly rules: PromotionRules;
  readonly writer: SmsWriter;
  readonly records: Pick<SmsRecords, 'find'>;
  readonly deliver: DeliverSms;
}

/** The provider has the turn's SMS: now promotions may follow. */
const hasArrived: ReadonlySet<SmsState> = new Set(['SENT', 'DELIVERED']);

/** Sends the SMS of a ticket to its phone: the turn, and promotions where they are wanted. */
export function notifyTicketCreatedUseCase(dependencies: NotifyTicketCreatedDependencies) {
  const { promotions, rules, writer, records, deliver } = dependencies;

  return async function notifyTicketCreated(event: TicketCreated, trace?: TraceContext): Promise<Outcome> {
    const to = event.data.phone;
    if (to === undefined) return done;
    const messages = (await mayPromote(event, to)) ? event.data.messages : [];
    const about = aboutTurn(event, to, trace);
    return promotions === 'separate' ? sendApart(event, about, messages) : sendTogether(event, about, messages);
  };

  function sendTogether(event: TicketCreated, about: AboutTurn, messages: readonly string[]): Promise<Outcome> {
    const turn = { ...about, ...writer.turn(event.data, messages) };
    return deliver(messages.length === 0 ? turn : { ...turn, withoutPromotions: writer.turn(event.data, []) });
  }

  /**
   * The turn first, and promotions once the provider has it. What these say is kept with the turn, in the one write that also
   * decides that there are any: a redelivery, however late and whatever has changed meanwhile, makes no others.
   */
  async function sendApart(event: TicketCreated, about: AboutTurn, messages: readonly string[]): Promise<Outcome> {
    const turn = { ...about, ...writer.turn(event.data, []) };
    const planned = writer.promotions(event.data, messages);
    const outcome = await deliver(planned ? { ...turn, promotions: planned } : turn);
    if (outcome.kind !== 'done') return outcome;
    const record = await records.find(turn.key);
    if (!record?.promotions || !hasArrived.has(record.state)) return outcome;
    return deliver({ ...turn, key: keyOfPromotions(turn.key), purpose: 'promotions', ...record.promotions });
  }

  async function mayPromote({ data }: TicketCreated, phone: string): Promise<boolean> {
    if (promotions === 'never' || data.messages.length === 0) return false;
    return rules.allow(phone, data.promotions_allowed);
  }
}

type AboutTurn = ReturnType<typeof aboutTurn>;

function aboutTurn(event: TicketCreated, to: string, trace: TraceContext | undefined) {
  const { id: key, subject: ticketId, requestid: requestId, time } = event;
  return { key, ticketId, requestId, askedAt: new Date(time), purpose: 'turn', to, ...(trace && { trace }) } as const;
}
