import { Refusal, type CreateTicket, type KnownCustomer } from '@turno/shared';

export interface Customer {
  /** Left out when a network without a directory was given an identity document only. */
  readonly id: string | undefined;
  readonly phone: string | undefined;
  readonly language: KnownCustomer['language'];
  readonly promotionsAllowed: boolean;
}

/** The customer directory. */
export interface CustomerDirectory {
  byId(id: string): Promise<Customer | undefined>;
  byNumber(idType: string, idNumber: string): Promise<Customer | undefined>;
}

/** Where a network keeps no directory, every well-formed id is taken and nothing else is known of its bearer. */
export const openDirectory: CustomerDirectory = {
  byId: async (id) => stranger(id),
  byNumber: async () => stranger(undefined),
};

function stranger(id: string | undefined): Customer {
  return { id, phone: undefined, language: 'es', promotionsAllowed: true };
}

/**
 * Who asks for the ticket, if the request says so. `customer_id` wins over type and number.
 *
 * @throws Refusal when the request names a customer whom the directory does not know
 */
export async function identifyCustomer(
  command: CreateTicket,
  directory: CustomerDirectory,
): Promise<Customer | undefined> {
  if (command.customer_id !== undefined) {
    return (await directory.byId(command.customer_id)) ?? refuse('UNKNOWN_CUSTOMER');
  }
  if (command.customer_id_type !== undefined && command.customer_id_number !== undefined) {
    const customer = await directory.byNumber(command.customer_id_type, command.customer_id_number);
    return customer ?? refuse('UNKNOWN_CUSTOMER_NUMBER');
  }
  return undefined;
}

function refuse(reason: 'UNKNOWN_CUSTOMER' | 'UNKNOWN_CUSTOMER_NUMBER'): never {
  throw new Refusal(reason);
}
