import { Refusal, type Principal, type TicketNames } from '@turno/shared';
import { assertOwnId } from './access.ts';
import type { CatalogueIndex } from './catalogue-index.ts';
import { identifyCustomer, type CustomerDirectory } from './customer.ts';

export interface CheckNamesDependencies {
  readonly catalogue: () => CatalogueIndex;
  readonly customers: CustomerDirectory;
}

/**
 * Looks the names of a request up, in the contract's order, without taking a turn. Names stand in the order of the
 * fields: where the sector is left out, so is what comes behind it.
 *
 * @throws Refusal naming the first that leads nowhere
 */
export function checkNamesUseCase({ catalogue, customers }: CheckNamesDependencies) {
  return async ({ principal, ...names }: TicketNames & { readonly principal: Principal }): Promise<void> => {
    const { branch_id, sector_id, service_id, customer_id } = names;
    const index = catalogue();
    const { sectors } = index.branch(branch_id, 'UNKNOWN_BRANCH');
    if (sector_id !== undefined && !sectors.some(({ id }) => id === sector_id)) throw new Refusal('UNKNOWN_SECTOR');
    if (service_id !== undefined) index.service(service_id);
    assertOwnId(principal, names, 'CUSTOMER_OF_ANOTHER');
    const named = { customer_id, customer_id_type: undefined, customer_id_number: undefined };
    await identifyCustomer(named, index.directory(customers));
  };
}
