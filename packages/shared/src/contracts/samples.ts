import type { BranchDetails, SectorDetails } from './branch.ts';
import type { CreateTicket } from './create-ticket.ts';
import type { TicketCreated } from './ticket-created.ts';
import type { Ticket } from './ticket.ts';
import type { ServiceDetails } from './ticketing-rpc.ts';

/** The sample of the API: the request, and what it makes on the demo catalogue. */
export const sampleRequest: CreateTicket = {
  branch_id: '27b6',
  sector_id: 's8',
  service_id: '7b6',
  channel: 'mobile',
  customer_id: 'a9087s902m',
};

const branchCore = {
  id: '27b6',
  name: 'Hiper Central',
  short_name: 'Hiper',
  code: 'AG001',
  address: 'Calle Beta 181 - 195, Callao',
  latitude: -12.049919,
  longitude: -77.0845193,
  status: 'OPEN',
} as const;

const openingTimes = { opening_time: '2017-02-20T14:00:00.000Z', closing_time: '2017-02-20T23:00:00.000Z' };
const sector = { id: 's8', name: 'Tower A', short_name: 'A', status: 'OPEN' } as const;

export const sampleService: ServiceDetails = { id: '7b6', name: 'Plataforma', short_name: 'Plataforma' };

export const sampleTicket: Ticket = {
  id: '89m32b0998',
  queue: 'T',
  number: 2,
  channel: 'mobile',
  status: 'BLOCKED',
  low_estimated_time: '10',
  high_estimated_time: '15',
  phone: '+51987776576',
  messages: ['We have a promotion for you!'],
  branch: { ...branchCore, ...openingTimes, congestion_level: 'MEDIUM' },
  sector,
  service: sampleService,
  created_at: '2017-02-20T10:00:00.000Z',
  updated_at: '2017-02-20T10:00:00.000Z',
};

export const sampleSector: SectorDetails = { ...sector, services: ['7b6', '7c1'] };

export const sampleBranch: BranchDetails = {
  ...branchCore,
  is_virtual: false,
  is_bookable: false,
  ...openingTimes,
  low_estimated_time: 10,
  high_estimated_time: 15,
  congestion_level: 'MEDIUM',
  sectors: [sampleSector],
};

/** The ticket's event, as it is published. */
export const sampleEvent: TicketCreated = {
  specversion: '1.0',
  id: `${sampleTicket.id}.created`,
  source: '/turno/ticketing',
  type: 'turno.TicketCreated.v1',
  time: sampleTicket.created_at,
  subject: sampleTicket.id,
  datacontenttype: 'application/json',
  requestid: 'k3v9x0q2m7ab41zt',
  data: {
    ...sampleTicket,
    language: 'es',
    promotions_allowed: true,
    time_zone: 'America/Lima',
    customer_id: 'a9087s902m',
  },
};
