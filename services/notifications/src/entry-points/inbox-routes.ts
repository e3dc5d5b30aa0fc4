import { Router } from 'express';
import type { InboxView } from '../data-access/inbox-view.ts';
import type { ReceiveCallback } from '../domain/receive-callback.ts';
import { inboxEvents, type InboxSettings } from './inbox-events.ts';
import type { InboxFeed } from './inbox-feed.ts';
import { inboxPage } from './inbox-page.ts';
import { shownMessages } from './inbox-reader.ts';
import { messageToJson } from './inbox-shapes.ts';
import { inboxSimulation } from './inbox-simulation.ts';
import { refuseOtherReaders } from './same-origin.ts';

export interface InboxParts {
  readonly view: InboxView;
  readonly feed: InboxFeed;
  readonly receiveCallback: ReceiveCallback;
  readonly settings: InboxSettings;
}

/**
 * The development inbox: for people (`/inbox`, live by `/inbox/events`), for programs (`/inbox/messages`, newest first), and
 * what both can simulate.
 */
export function inboxRoutes({ view, feed, receiveCallback, settings }: InboxParts): Router {
  const router = Router();
  router.use('/inbox', refuseOtherReaders);
  router.get('/inbox/messages', async (_request, response) => {
    response.json((await view.newest(shownMessages)).map(messageToJson));
  });
  router.use(inboxEvents(feed, settings));
  router.use(inboxSimulation({ view, feed, receiveCallback }));
  router.use(inboxPage());
  return router;
}
