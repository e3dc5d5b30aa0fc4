import { Repeatedly } from '@turno/shared';
import { eraseOldTicketsUseCase, type EraseOldTicketsDependencies } from '../domain/erase-old-tickets.ts';

const hourMs = 3_600_000;

/** Erases what is over its time, now and every hour. Safe in several instances: doing it twice is doing it once. */
export function sweepOldTickets(dependencies: EraseOldTicketsDependencies): Repeatedly {
  const eraseOldTickets = eraseOldTicketsUseCase(dependencies);
  const work = async (): Promise<number> => ((await eraseOldTickets()) ? 0 : hourMs);
  return new Repeatedly({ everyMs: hourMs, work, what: 'erase old tickets', logger: dependencies.logger });
}
