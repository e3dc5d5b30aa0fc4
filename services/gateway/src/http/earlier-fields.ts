import { Refusal, ticketNames, type TicketNames } from '@turno/shared';
import type { ZodError } from 'zod';
import type { TicketingClient } from '../ticketing-client.ts';
import type { Caller } from './route.ts';
import { firstBrokenField, judgedInOrder } from './error-to-http.ts';

/**
 * A well-formed id that names nothing is as broken as a malformed one, and only ticketing knows. So where a field of a
 * creation is malformed, ticketing is asked about those before it: the first broken one names the message.
 *
 * @throws Refusal when one of them names nothing. When ticketing cannot be asked, what was found stands.
 */
export async function askAboutEarlierFields(
  body: unknown,
  broken: ZodError,
  ticketing: TicketingClient,
  caller: Caller,
): Promise<void> {
  const field = firstBrokenField(broken);
  const earlier = field === undefined ? [] : judgedInOrder.slice(0, judgedInOrder.indexOf(field));
  const sent = earlier
    .filter((name) => name in ticketNames.shape)
    .map((name): [string, unknown] => [name, (body as Record<string, unknown>)[name]])
    .filter(([, value]) => value !== undefined);
  if (sent.length === 0) return;
  try {
    const names = Object.fromEntries(sent) as TicketNames;
    await ticketing.call('CheckNames', { ...names, principal: caller.principal }, caller);
  } catch (error) {
    if (error instanceof Refusal) throw error;
  }
}
