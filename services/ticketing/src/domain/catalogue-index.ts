import { Refusal, type Branch, type Catalogue, type RefusalReason, type Sector, type Service } from '@turno/shared';
import { openDirectory, type CustomerDirectory } from './customer.ts';

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
   * Finds branch, sector and service, in the contract's order.
   *
   * @throws Refusal naming the first that is not there
   */
  place(branchId: string, sectorId: string, serviceId: string): Place {
    const branch = this.branch(branchId, 'UNKNOWN_BRANCH');
    const sector = branch.sectors.find(({ id }) => id === sectorId);
    if (!sector) throw new Refusal('UNKNOWN_SECTOR');
    return { branch, sector, service: this.service(serviceId) };
  }

  /** The place of a ticket, undefined when a part of it has left the catalogue since. */
  find(branchId: string, sectorId: string, serviceId: string): Place | undefined {
    const branch = this.#branches.get(branchId);
    const sector = branch?.sectors.find(({ id }) => id === sectorId);
    const service = this.#services.get(serviceId);
    return branch && sector && service && { branch, sector, service };
  }

  /** @throws Refusal with the given reason when there is no such branch */
  branch(id: string, otherwise: RefusalReason): Branch {
    const branch = this.#branches.get(id);
    if (!branch) throw new Refusal(otherwise);
    return branch;
  }

  /** @throws Refusal when there is no such service */
  service(id: string): Service {
    const service = this.#services.get(id);
    if (!service) throw new Refusal('UNKNOWN_SERVICE');
    return service;
  }

  /** The directory to look customers up in: the one given, or, where the network keeps none, one that takes anybody. */
  directory(known: CustomerDirectory): CustomerDirectory {
    return this.catalogue.customers === 'open' ? openDirectory : known;
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
