import type { TicketCreated } from '@turno/shared';

type Data = TicketCreated['data'];

const templates: Record<Data['language'], (ticket: Data) => string> = {
  es: (ticket) =>
    `Su turno es ${ticket.queue}${ticket.number} en ${ticket.branch.name}, ${ticket.sector.name}, ` +
    `${ticket.service.name}. Espera estimada: ${waitOf(ticket)} min.`,
  en: (ticket) =>
    `Your turn is ${ticket.queue}${ticket.number} at ${ticket.branch.name}, ${ticket.sector.name}, ` +
    `${ticket.service.name}. Expected wait: ${waitOf(ticket)} min.`,
};

/** The text of a ticket's SMS: the turn first, the promotional messages behind it where they are wanted. */
export function smsText(ticket: Data, wantsPromotions: boolean): string {
  const promotions = wantsPromotions ? ticket.messages : [];
  return [templates[ticket.language](ticket), ...promotions].join(' ');
}

function waitOf({ low_estimated_time: low, high_estimated_time: high }: Data): string {
  return low === high ? low : `${low}-${high}`;
}
