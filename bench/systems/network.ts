/** Where a ticket of the bench is for, as a request says it. */
export interface PlaceNames {
  readonly branch_id: string;
  readonly sector_id: string;
  readonly service_id: string;
}

const branchesAtOnce = 20;
const services = ['sv0', 'sv1', 'sv2', 'sv3', 'sv4'];
const sector = 'st';

/** A queue gives 9,999 numbers a day; the load goes on to other branches before they are used up. */
const ticketsPerQueue = 9_000;
const ticketsPerRound = ticketsPerQueue * branchesAtOnce * services.length;
const rounds = 4;
const hotBranches = 250;

/** One of 20 branches and 5 services: a hundred queues, each as often as the others. */
export function spreadPlace(index: number): PlaceNames {
  const branch = (Math.floor(index / ticketsPerRound) % rounds) * branchesAtOnce + (index % branchesAtOnce);
  const service = services[Math.floor(index / branchesAtOnce) % services.length]!;
  return { branch_id: spreadId(branch), sector_id: sector, service_id: service };
}

/** One queue, and another one when its numbers are nearly used up. */
export function hotPlace(index: number): PlaceNames {
  const branch = Math.floor(index / ticketsPerQueue) % hotBranches;
  return { branch_id: hotId(branch), sector_id: sector, service_id: services[0]! };
}

const spreadId = (index: number): string => `sp${index.toString(36).padStart(2, '0')}`;
const hotId = (index: number): string => `ht${index.toString(36).padStart(2, '0')}`;

/** The catalogue with all those branches, as `turno catalogue import` takes it. */
export function networkFile(): string {
  const spread = Array.from({ length: rounds * branchesAtOnce }, (_, index) => branchFile(spreadId(index)));
  const hot = Array.from({ length: hotBranches }, (_, index) => branchFile(hotId(index)));
  return JSON.stringify({
    customers: 'open',
    on_the_spot_channels: ['kiosk'],
    services: services.map((id, index) => ({
      id,
      name: `Service ${index}`,
      short_name: `Service ${index}`,
      queue: 'ABCDE'[index],
      mean_minutes: 5,
    })),
    branches: [...spread, ...hot],
    promotions: [{ id: 'welcome', text: 'We have a promotion for you!' }],
    known_customers: [],
  });
}

function branchFile(id: string) {
  const hours = { opens: '00:00', closes: '24:00' };
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  return {
    id,
    name: `Branch ${id}`,
    short_name: id,
    code: id.toUpperCase(),
    address: `Calle ${id}, Lima`,
    latitude: -12,
    longitude: -77,
    status: 'OPEN',
    time_zone: 'America/Lima',
    hours: Object.fromEntries(days.map((day) => [day, hours])),
    open_counters: 4,
    deviation_minutes: 2.5,
    congestion: { medium_from: 10, high_from: 30 },
    sectors: [{ id: sector, name: 'Main', short_name: 'Main', status: 'OPEN', services }],
  };
}
