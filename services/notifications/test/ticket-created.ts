import { randomId, ticketCreated, type TicketCreated } from '@turno/shared';

const place = { name: 'Plataforma', short_name: 'Plataforma' };

/** An event of a ticket of its own, in the shape that the contract demands. */
export function eventOfTicket(changes: Partial<TicketCreated['data']> = {}): TicketCreated {
  const id = randomId();
  const instant = '2017-02-20T10:00:00.000Z';
  return ticketCreated.parse({
    specversion: '1.0',
    id: `${id}.created`,
    source: '/turno/ticketing',
    type: 'turno.TicketCreated.v1',
    time: instant,
    subject: id,
    datacontenttype: 'application/json',
    requestid: 'request-1',
    data: {
      id,
      queue: 'T',
      number: 2,
      status: 'BLOCKED',
      low_estimated_time: '10',
      high_estimated_time: '15',
      phone: '+51987776576',
      messages: ['We have a promotion for you!'],
      branch: {
        id: '27b6',
        ...place,
        code: 'AG001',
        address: 'Calle Beta 181 - 195, Callao',
        latitude: -12,
        longitude: -77,
        status: 'OPEN',
        opening_time: instant,
        closing_time: instant,
        congestion_level: 'MEDIUM',
      },
      sector: { id: 's8', ...place, status: 'OPEN' },
      service: { id: '7b6', ...place },
      created_at: instant,
      updated_at: instant,
      language: 'es',
      promotions_allowed: true,
      time_zone: 'America/Lima',
      ...changes,
    },
  });
}
