import type { Connection } from '@turno/mongo';
import { ContractViolation, type Catalogue, type Clock } from '@turno/shared';
import { CatalogueRepository, catalogueModel, OutboxRepository, pendingEvents, ticketModel } from '@turno/ticketing';
import { findingsOf, type Finding } from './finding.ts';

const day = 24 * 60 * 60 * 1_000;

/** What ticketing's database holds: the catalogue, and events that wait to be published. */
export async function examineTicketing(connection: Connection, clock: Clock): Promise<Finding[]> {
  return [...(await catalogueFindings(connection, clock())), await outboxFinding(connection, clock())];
}

async function catalogueFindings(connection: Connection, now: Date): Promise<Finding[]> {
  const { ok, error } = findingsOf('catalogue');
  const mend = 'turno catalogue import FILE';
  try {
    const loaded = await new CatalogueRepository(catalogueModel(connection)).load();
    if (!loaded) return [error('there is none yet, so that ticketing is not ready', mend)];
    const { version, content, importedAt } = loaded;
    const since = importedAt ? `, imported ${age(now.getTime() - importedAt.getTime())} ago` : '';
    return [
      ok(`version ${version} is in force: ${content.branches.length} branches${since}`),
      ...oddities(content, now),
    ];
  } catch (failure) {
    if (!(failure instanceof ContractViolation)) throw failure;
    return [error('the stored one is not good for this version: ticketing will not take it at its next start', mend)];
  }
}

/** What is allowed in a catalogue, and is hardly meant. */
function oddities({ branches, services, promotions }: Catalogue, now: Date): Finding[] {
  const { warning } = findingsOf('catalogue');
  const mend = 'turno catalogue export FILE, correct it, turno catalogue import FILE';
  const sectors = branches.flatMap((branch) => branch.sectors.map((sector) => ({ branch, sector })));
  const offered = new Set(sectors.flatMap(({ sector }) => sector.services));
  const today = now.toISOString().slice(0, 10);
  const saws = [
    ...branches.filter((b) => b.sectors.length === 0).map(({ id }) => `branch ${id} has no sector`),
    ...sectors
      .filter(({ sector }) => sector.services.length === 0)
      .map(({ branch, sector }) => `sector ${branch.id}/${sector.id} offers no service`),
    ...branches
      .filter(({ status, sectors: own }) => status === 'OPEN' && own.every((sector) => sector.status === 'CLOSE'))
      .map(({ id }) => `branch ${id} is open, and all its sectors are closed`),
    ...services.filter(({ id }) => !offered.has(id)).map(({ id }) => `service ${id} is offered nowhere`),
    ...promotions
      .filter(({ until }) => until !== undefined && Date.parse(until) < now.getTime())
      .map(({ id, until }) => `promotion ${id} is over since ${until}`),
    ...branches
      .filter(({ holidays }) => holidays.length > 0 && holidays.every((date) => date < today))
      .map(({ id }) => `branch ${id}: all its holidays are past`),
  ];
  return saws.map((saw) => warning(saw, mend));
}

/** An event is published within milliseconds; the relay looks for what was left behind every second. */
const waitsFromMs = 10_000;
const isStuckFromMs = 60_000;
const countedEvents = 100_000;

async function outboxFinding(connection: Connection, now: Date): Promise<Finding> {
  const { ok, warning, error } = findingsOf('outbox');
  const outbox = new OutboxRepository(connection);
  const { size, oldestSince } = await pendingEvents(ticketModel(connection), outbox, countedEvents);
  if (!oldestSince) return ok('no event waits to be published');
  const waited = now.getTime() - oldestSince.getTime();
  const count = `${size.toLocaleString('en')}${size === countedEvents ? ' or more' : ''}`;
  const saw = `${count} events wait to be published, the oldest for ${age(waited)}`;
  if (waited < waitsFromMs) return ok(saw);
  const mend = "see that ticketing runs, and the broker's findings: docs/runbooks.md#turnooutboxstuck";
  return waited < isStuckFromMs ? warning(saw, mend) : error(saw, mend);
}

function age(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 2 * 60 * 60 * 1_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 2 * day ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / day)} days`;
}
