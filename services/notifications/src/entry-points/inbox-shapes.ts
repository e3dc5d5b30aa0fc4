import type { ShownMessage } from '../data-access/inbox-view.ts';
import type { PromotionConsent } from '../domain/promotion-consent.ts';

/** A message as the inbox says it over HTTP. */
export function messageToJson({ sentAt, ticketId, delivery, ...message }: ShownMessage) {
  const { key, to, text, segments, encoding, purpose } = message;
  return {
    key,
    to,
    text,
    segments,
    encoding,
    purpose,
    ticket_id: ticketId,
    sent_at: sentAt.toISOString(),
    ...(delivery && {
      state: delivery.state,
      state_since: delivery.since.toISOString(),
      ...(delivery.reason !== undefined && { reason: delivery.reason }),
    }),
  };
}

/** What a phone said last of promotions. */
export function consentToJson({ phone, allowed, since }: PromotionConsent) {
  return { phone, promotions: allowed, since: since.toISOString() };
}
