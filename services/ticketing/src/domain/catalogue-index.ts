import { Refusal, type Branch, type Catalogue, type Sector, type Service } from '@turno/shared';

/** Where a ticket is for. */
export interface Place {
  readonly branch: Branch;
  readonly sector: Sector;
  readonly service: Service;
}

/** The catalogue, ready to be asked. Built once per version of the catalogue, never per ticket. */
export class CatalogueIndex {
  readonly catalogue: Catalogue;
  readonly #branches: ReadonlyMap<string, Branch>;
  readonly #services: ReadonlyMap<string, Service>;
  readonly #onTheSpotChannels: ReadonlySet<string>;

  constructor(catalogue: Catalogue) {
    this.catalogue = catalogue;
    this.#branches = new Map(catalogue.branches.map((branch) => [branch.id, branch]));
    this.#services = new Map(catalogue.services.map((service) => [service.id, service]));
    this.#onTheSpotChannels = new Set(catalogue.on_the_spot_channels);
  }

  /**
   * Finds branch, sector and service, and sees that they go together and are open. Rules are judged in the contract's
   * order: the ids first, then what the catalogue says of them.
   *
   * @throws Refusal naming the first rule that is broken
   */
  place(branchId: string, sectorId: string, serviceId: string): Place {
    const branch = this.#branches.get(branchId);
    if (!branch) throw new Refusal('UNKNOWN_BRANCH');
    const sector = branch.sectors.find(({ id }) => id === sectorId);
    if (!sector) throw new Refusal('UNKNOWN_SECTOR');
    const service = this.#services.get(serviceId);
    if (!service) throw new Refusal('UNKNOWN_SERVICE');
    return { branch, sector, service };
  }

  isOnTheSpot(channel: string | undefined): boolean {
    return channel !== undefined && this.#onTheSpotChannels.has(channel);
  }
}

/** @throws Refusal when the place does not take tickets for the service, now or at all */
export function assertServes({ branch, sector, service }: Place): void {
  if (!sector.services.includes(service.id)) throw new Refusal('SERVICE_NOT_OFFERED');
  if (branch.status === 'CLOSE') throw new Refusal('BRANCH_CLOSED');
  if (sector.status === 'CLOSE') throw new Refusal('SECTOR_CLOSED');
}
