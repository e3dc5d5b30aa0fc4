import { done, type Outcome, type TicketCreated } from '@turno/shared';
import type { DeliverSms } from './deliver-sms.ts';
import type { PromotionConsents } from './promotion-consent.ts';
import { measured } from './segments.ts';
import { smsText } from './sms-text.ts';

export interface NotifyTicketCreatedDependencies {
  readonly consents: PromotionConsents;
  readonly deliver: DeliverSms;
}

/** Sends the SMS of a ticket to its phone: the turn, and promotions where they are wanted. */
export function notifyTicketCreatedUseCase({ consents, deliver }: NotifyTicketCreatedDependencies) {
  return async function notifyTicketCreated(event: TicketCreated): Promise<Outcome> {
    const to = event.data.phone;
    if (to === undefined) return done;
    const { id: key, subject: ticketId, requestid: requestId } = event;
    const text = smsText(event.data, await wantsPromotions(event, to));
    return deliver({ key, ticketId, requestId, purpose: 'turn', to, ...measured(text) });
  };

  /** A STOP or START from the phone itself stands over what the directory said when the ticket was taken. */
  async function wantsPromotions({ data }: TicketCreated, phone: string): Promise<boolean> {
    return (await consents.find(phone))?.allowed ?? data.promotions_allowed;
  }
}
