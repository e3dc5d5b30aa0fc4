import type { TicketCreated } from './ticket-created.ts';

const createdAt = '2017-02-20T10:00:00.000Z';
const id = '89m32b0998';

/** The event of the contract's sample ticket, as it is published. */
export const ticketCreatedExample: TicketCreated = {
  specversion: '1.0',
  id: `${id}.created`,
  source: '/turno/ticketing',
  type: 'turno.TicketCreated.v1',
  time: createdAt,
  subject: id,
  datacontenttype: 'application/json',
  requestid: 'k3v9x0q2m7ab41zt',
  data: {
    id,
    queue: 'T',
    number: 2,
    channel: 'mobile',
    status: 'BLOCKED',
    low_estimated_time: '10',
    high_estimated_time: '15',
    phone: '+51987776576',
    messages: ['We have a promotion for you!'],
    branch: {
      id: '27b6',
      name: 'Hiper Central',
      short_name: 'Hiper',
      code: 'AG001',
      address: 'Calle Beta 181 - 195, Callao',
      latitude: -12.049919,
      longitude: -77.0845193,
      status: 'OPEN',
      opening_time: '2017-02-20T14:00:00.000Z',
      closing_time: '2017-02-20T23:00:00.000Z',
      congestion_level: 'MEDIUM',
    },
    sector: { id: 's8', name: 'Tower A', short_name: 'A', status: 'OPEN' },
    service: { id: '7b6', name: 'Plataforma', short_name: 'Plataforma' },
    created_at: createdAt,
    updated_at: createdAt,
    language: 'es',
    promotions_allowed: true,
    time_zone: 'America/Lima',
    customer_id: 'a9087s902m',
  },
};
