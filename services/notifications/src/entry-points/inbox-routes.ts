import { Router } from 'express';
import type { InboxRepository } from '../data-access/inbox-repository.ts';
import { inboxPage } from './inbox-page.ts';

const shownMessages = 1_000;

/** The development inbox for people (`/inbox`) and for programs (`/inbox/messages`, newest first). */
export function inboxRoutes(inbox: InboxRepository): Router {
  const router = Router();
  router.get('/inbox', (_request, response) => {
    response.type('html').send(inboxPage);
  });
  router.get('/inbox/messages', async (_request, response) => {
    const messages = await inbox.newest(shownMessages);
    response.json(
      messages.map(({ to, text, segments, ticketId, sentAt }) => ({
        to,
        text,
        segments,
        ticket_id: ticketId,
        sent_at: sentAt.toISOString(),
      })),
    );
  });
  return router;
}
