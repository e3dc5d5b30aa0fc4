import express, { Router, type ErrorRequestHandler } from 'express';
import { z } from 'zod';
import type { InboxView } from '../data-access/inbox-view.ts';
import type { ReceiveCallback } from '../domain/receive-callback.ts';
import type { InboxFeed } from './inbox-feed.ts';
import { consentToJson, messageToJson } from './inbox-shapes.ts';
import { refuseOtherSites, requireJson } from './same-origin.ts';

export interface InboxSimulationParts {
  readonly view: InboxView;
  readonly feed: InboxFeed;
  readonly receiveCallback: ReceiveCallback;
}

const delivery = z.object({
  state: z.enum(['DELIVERED', 'FAILED']),
  reason: z.string().max(200).default('simulated in the inbox'),
});
const reply = z.object({ text: z.string().regex(/^\s*(STOP|START)\s*$/i) });
const phonePattern = /^\+[1-9][0-9]{3,14}$/;

/**
 * What a provider and its phones would do, done by hand: a message is delivered or fails, a phone answers STOP or START. It
 * goes the way of a provider's callback, so a state moves forward only.
 */
export function inboxSimulation({ view, feed, receiveCallback }: InboxSimulationParts): Router {
  const router = Router();
  const guarded = [refuseOtherSites, requireJson, express.json({ limit: '1kb' })];

  router.post('/inbox/messages/:key/delivery', ...guarded, async (request, response) => {
    const key = String(request.params['key']);
    const body = delivery.safeParse(request.body);
    if (!body.success) return void response.status(400).json({ message: 'state must be DELIVERED or FAILED.' });
    if ((await view.messages([key])).length === 0)
      return void response.status(404).json({ message: 'There is no such message in the inbox.' });
    const { state, reason } = body.data;
    await receiveCallback({ kind: 'delivery', key, state, ...(state === 'FAILED' && { reason }) });
    feed.refresh();
    const [message] = await view.messages([key]);
    response.json(message && messageToJson(message));
  });

  router.post('/inbox/phones/:phone/replies', ...guarded, async (request, response) => {
    const phone = String(request.params['phone']);
    const body = reply.safeParse(request.body);
    if (!phonePattern.test(phone)) return void response.status(400).json({ message: 'Invalid phone.' });
    if (!body.success) return void response.status(400).json({ message: 'text must be STOP or START.' });
    await receiveCallback({ kind: 'consent', phone, allowed: body.data.text.trim().toUpperCase() === 'START' });
    feed.refresh();
    const [consent] = await view.consents([phone]);
    response.json(consent && consentToJson(consent));
  });

  router.use(answerBadBody);
  return router;
}

/** What `express.json` says of a body: no JSON, or too much of it. */
const answerBadBody: ErrorRequestHandler = (error: { status?: number }, _request, response, next) => {
  if (error.status !== 400 && error.status !== 413) return next(error);
  response
    .status(error.status)
    .json({ message: error.status === 400 ? 'The body is no JSON.' : 'The body is too large.' });
};
