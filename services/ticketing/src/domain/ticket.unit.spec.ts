import { expect, test } from '@jest/globals';
import { draft, place } from '../../test/drafts.ts';
import { issueTicket, queueDayOf, ticketCreatedEvent } from './ticket.ts';

const now = new Date('2017-02-20T10:00:00.000Z');
const customer = { id: 'a1', holder: 'id:a1', phone: undefined, promotionsAllowed: true };

test.each([
  ["the customer's, where it is known", { ...customer, language: 'en' }, 'en'],
  ["the branch's, where the network keeps no directory", { ...customer, language: undefined }, 'pt-BR'],
  ["the branch's, where nobody said who it is", undefined, 'pt-BR'],
])('when a ticket is announced, then its language is %s', (_whose, holder, language) => {
  const branch = { ...place.branch, language: 'pt-BR' };
  const ticketDraft = draft({ customer: holder, place: { ...place, branch } });

  const ticket = issueTicket(ticketDraft, queueDayOf(ticketDraft, now), { number: 1, ahead: 0 }, now);

  expect(ticketCreatedEvent(ticket).data.language).toBe(language);
});
