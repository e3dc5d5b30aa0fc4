import { catalogue, randomId, type Catalogue } from '@turno/shared';
import { CatalogueIndex } from '../src/domain/catalogue-index.ts';
import type { TicketDraft } from '../src/domain/ticket.ts';

/** A small network: one branch in Lima, open around the clock, with one queue. */
export const network: Catalogue = catalogue.parse({
  services: [{ id: '7b6', name: 'Plataforma', short_name: 'Plataforma', queue: 'T', mean_minutes: 25 }],
  branches: [
    {
      id: '27b6',
      name: 'Hiper Central',
      short_name: 'Hiper',
      code: 'AG001',
      address: 'Calle Beta 181 - 195, Callao',
      latitude: -12,
      longitude: -77,
      status: 'OPEN',
      time_zone: 'America/Lima',
      hours: { monday: { opens: '09:00', closes: '18:00' }, tuesday: { opens: '09:00', closes: '18:00' } },
      open_counters: 2,
      deviation_minutes: 2.5,
      congestion: { medium_from: 10, high_from: 30 },
      sectors: [{ id: 's8', name: 'Tower A', short_name: 'A', status: 'OPEN', services: ['7b6'] }],
    },
  ],
});

export const place = new CatalogueIndex(network).place('27b6', 's8', '7b6');

/** A ticket before it has its number. Requests differ unless a key is given. */
export function draft(changes: Partial<TicketDraft> & { key?: string; fingerprint?: string } = {}): TicketDraft {
  const { key = randomId(), fingerprint = 'as it was', ...rest } = changes;
  return {
    id: randomId(),
    place,
    channel: 'mobile',
    phone: '+51987776576',
    customer: undefined,
    messages: [],
    status: 'BLOCKED',
    request: { id: 'request-1', key, fingerprint },
    ...rest,
  };
}
