import { Router, type Request, type Response } from 'express';
import type { InboxFeed, InboxListener } from './inbox-feed.ts';
import { consentToJson, messageToJson } from './inbox-shapes.ts';

/** Pages that are open at once, at most. */
const maxListeners = 100;
/** Seldom enough to cost nothing, often enough for proxies that close what is silent for half a minute. */
const heartbeatMs = 15_000;
/** A page that does not read: its connection is closed, and it comes again with the last event that it got. */
const maxUnreadBytes = 16 * 1024 * 1024;

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
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
      // Once it ends nothing keeps a stopping server waiting.
      Connection: 'close',
    });
    response.write('retry: 1000\n\n');
    send(response, 'settings', settings);
    const leave = feed.listen(listenerOn(response), lastEventId(request));
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
    response.on('close', () => {
      clearInterval(heartbeat);
      leave();
    });
  });
  return router;
}

function listenerOn(response: Response): InboxListener {
  return {
    update({ upTo, messages, consents }) {
      const data = { messages: messages.map(messageToJson), consents: consents.map(consentToJson) };
      send(response, 'update', data, upTo);
      if (response.writableLength > maxUnreadBytes) response.destroy();
    },
    away: () => send(response, 'away', {}),
    close: () => response.end(),
  };
}

function send(response: Response, event: string, data: object, id?: number): void {
  // JSON has no line breaks of its own, so one line of data is enough.
  const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`, `data: ${JSON.stringify(data)}`];
  response.write(`${lines.join('\n')}\n\n`);
}

/** Anything but an id of ours counts as none. */
function lastEventId(request: Request): number | undefined {
  const id = request.get('Last-Event-ID');
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
