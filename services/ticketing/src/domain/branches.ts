import {
  Refusal,
  type Branch,
  type BranchDetails,
  type Clock,
  type ListBranches,
  type ListSectors,
  type ListServices,
  type Page,
  type SectorDetails,
  type ServiceDetails,
} from '@turno/shared';
import type { CatalogueIndex } from './catalogue-index.ts';
import { distanceTo, isWithin } from './geography.ts';
import { byShortName, presentBranch, presentSectors } from './present-branch.ts';
import { rememberedBusinessDay } from './remembered-time.ts';
import type { WaitingLines } from './ticket-store.ts';
import { expectedWait } from './waiting-time.ts';

export interface BranchDependencies {
  readonly catalogue: () => CatalogueIndex;
  readonly lines: WaitingLines;
  readonly clock: Clock;
}

/** Reads the catalogue as of now, with the waits at its branches. */
export function branchUseCases({ catalogue, lines, clock }: BranchDependencies) {
  return { list, read, listSectors, listServices };

  /** @throws Refusal when there is no such service */
  async function list({ near, offset, limit, ...conditions }: ListBranches): Promise<Page<BranchDetails>> {
    const index = catalogue();
    if (conditions.service_id !== undefined) index.service(conditions.service_id);
    const found = index.catalogue.branches.filter((branch) => meets(branch, conditions));
    const part = <T>(all: readonly T[]): T[] => all.slice(offset, offset + limit);
    const shown = near
      ? await withWaits(part(found.toSorted(distanceTo(near))), index, conditions.service_id)
      : part((await withWaits(found, index, conditions.service_id)).toSorted(byWait));
    const now = clock();
    return { items: shown.map(({ branch, wait }) => presentBranch(branch, wait, now)), count: found.length };
  }

  /** @throws Refusal when there is no such branch */
  async function read(id: string): Promise<BranchDetails> {
    const index = catalogue();
    const [shown] = await withWaits([index.branch(id, 'BRANCH_NOT_FOUND')], index, undefined);
    return presentBranch(shown!.branch, shown!.wait, clock());
  }

  /** @throws Refusal when there is no such branch or service */
  function listSectors({ branch_id, service_id }: ListSectors): SectorDetails[] {
    const index = catalogue();
    const { sectors } = index.branch(branch_id, 'BRANCH_NOT_FOUND');
    if (service_id === undefined) return presentSectors(sectors);
    index.service(service_id);
    return presentSectors(sectors.filter(({ services }) => services.includes(service_id)));
  }

  /** @throws Refusal when there is no such branch, or sector of it */
  function listServices({ branch_id, sector_id, offset, limit }: ListServices): Page<ServiceDetails> {
    const index = catalogue();
    const offered = branch_id === undefined ? undefined : offeredAt(index, branch_id, sector_id);
    const services = index.catalogue.services.filter(({ id }) => offered === undefined || offered.has(id));
    const items = services
      .map(({ id, name, short_name }) => ({ id, name, short_name }))
      .toSorted(byShortName)
      .slice(offset, offset + limit);
    return { items, count: services.length };
  }

  /** The branches, each with its expected wait in minutes: of the given service, else of its longest queue. */
  async function withWaits(branches: readonly Branch[], index: CatalogueIndex, serviceId: string | undefined) {
    const now = clock();
    const open = branches.filter(({ status }) => status === 'OPEN');
    const days = open.map((branch) => ({ branchId: branch.id, businessDay: rememberedBusinessDay(branch, now) }));
    const waiting = new Map(
      (await lines.waiting(days)).map(({ branchId, queue, tickets }) => [`${branchId}/${queue}`, tickets]),
    );
    return branches.map((branch) => {
      if (branch.status === 'CLOSE') return { branch, wait: undefined };
      const services = serviceId === undefined ? servicesAt(branch, index) : [index.service(serviceId)];
      const waits = services.map((service) =>
        expectedWait(waiting.get(`${branch.id}/${service.queue}`) ?? 0, service, branch),
      );
      return { branch, wait: Math.max(0, ...waits) };
    });
  }
}

function meets(branch: Branch, conditions: Omit<ListBranches, 'near' | 'offset' | 'limit'>): boolean {
  const { service_id, code, status, is_virtual } = conditions;
  return (
    (service_id === undefined || branch.sectors.some(({ services }) => services.includes(service_id))) &&
    (code === undefined || branch.code === code) &&
    (status === undefined || branch.status === status) &&
    (is_virtual === undefined || branch.is_virtual === is_virtual) &&
    isWithin(branch, conditions)
  );
}

function offeredAt(index: CatalogueIndex, branchId: string, sectorId: string | undefined): Set<string> {
  const { sectors } = index.branch(branchId, 'UNKNOWN_BRANCH');
  const meant = sectors.filter(({ id }) => sectorId === undefined || id === sectorId);
  if (meant.length === 0) throw new Refusal('UNKNOWN_SECTOR');
  return new Set(meant.flatMap(({ services }) => services));
}

function servicesAt(branch: Branch, index: CatalogueIndex) {
  return [...new Set(branch.sectors.flatMap(({ services }) => services))].map((id) => index.service(id));
}

/** Shortest wait first; closed branches, where nobody waits, at the end. */
function byWait(a: { wait: number | undefined; branch: Branch }, b: { wait: number | undefined; branch: Branch }) {
  const [first, second] = [a.wait ?? Infinity, b.wait ?? Infinity];
  return first === second ? byShortName(a.branch, b.branch) : first - second;
}
