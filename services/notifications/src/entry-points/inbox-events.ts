import { EventStream } from '@turno/shared';
import { Router, type Request } from 'express';
import type { InboxFeed, InboxListener } from './inbox-feed.ts';
import { consentToJson, messageToJson } from './inbox-shapes.ts';

/** Pages that are open at once, at most. */
const maxListeners = 100;
/** What the page is told once, before all messages. */
export interface InboxSettings {
  /** A command that takes a ticket whose SMS comes here. */
  readonly example: string;
  /** What a segment costs, where somebody has said it. */
  readonly price?: { readonly amount: number; readonly currency: string };
}

/** `GET /inbox/events`: the inbox as server-sent events, from what there is on. `Last-Event-ID` goes on where a page stopped. */
export function inboxEvents(feed: InboxFeed, settings: InboxSettings): Router {
  const router = Router();
  router.get('/inbox/events', (request, response) => {
    if (feed.listeners >= maxListeners) {
      response.status(503).set('Retry-After', '5').json({ message: 'Too many pages are open.' });
      return;
    }
    const stream = new EventStream(response);
    stream.send('settings', settings);
    stream.onGone(feed.listen(listenerOn(stream), lastEventId(request)));
  });
  return router;
}

function listenerOn(stream: EventStream): InboxListener {
  return {
    update({ upTo, messages, consents }) {
      stream.send('update', { messages: messages.map(messageToJson), consents: consents.map(consentToJson) }, upTo);
    },
    away: () => stream.send('away', {}),
    close: () => stream.end(),
  };
}

/** Anything but an id of ours counts as none. */
function lastEventId(request: Request): number | undefined {
  const id = request.get('Last-Event-ID');
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
