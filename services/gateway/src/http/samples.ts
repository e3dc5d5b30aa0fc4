/** The sample of the API: the request, and the ticket that it makes on the demo catalogue. */
export const sampleRequest = {
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
};

const openingTimes = { opening_time: '2017-02-20T14:00:00.000Z', closing_time: '2017-02-20T23:00:00.000Z' };
const sector = { id: 's8', name: 'Tower A', short_name: 'A', status: 'OPEN' };

export const sampleService = { id: '7b6', name: 'Plataforma', short_name: 'Plataforma' };

export const sampleTicket = {
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

export const sampleSector = { ...sector, services: ['7b6', '7c1'] };

export const sampleBranch = {
  ...branchCore,
  is_virtual: false,
  is_bookable: false,
  ...openingTimes,
  low_estimated_time: 10,
  high_estimated_time: 15,
  congestion_level: 'MEDIUM',
  sectors: [sampleSector],
};
