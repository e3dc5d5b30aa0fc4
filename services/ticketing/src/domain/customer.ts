import { Refusal, type CreateTicket, type KnownCustomer } from '@turno/shared';

export interface Customer {
  /** Left out when a network without a directory was given an identity document only. */
  readonly id: string | undefined;
  readonly phone: string | undefined;
  /** Undefined where a network keeps no directory. */
  readonly language: KnownCustomer['language'] | undefined;
  readonly promotionsAllowed: boolean;
}

/** A customer under the one name by which tickets know their holder, however the request named the customer. */
export interface Holder extends Customer {
  /** `id:a9087s902m`, or `document:D:10203040` where the network keeps no directory. */
  readonly holder: string;
}

/** The customer directory. */
export interface CustomerDirectory {
  byId(id: string): Promise<Customer | undefined>;
  byNumber(idType: string, idNumber: string): Promise<Customer | undefined>;
}

/** What customers say of promotions from their phones. */
export interface PromotionsDecisions {
  /**
   * Puts the decision down for every customer who has the phone, unless a newer one is there.
   *
   * @returns how many customers it changed
   */
  decidePromotions(decision: { phone: string; allowed: boolean; since: Date }): Promise<number>;
}

/** How a request names a customer, if it does. */
export type CustomerNames = Pick<CreateTicket, 'customer_id' | 'customer_id_type' | 'customer_id_number'>;

/** Where a network keeps no directory, every well-formed id is taken and nothing else is known of its bearer. */
export const openDirectory: CustomerDirectory = {
  byId: async (id) => stranger(id),
  byNumber: async () => stranger(undefined),
};

function stranger(id: string | undefined): Customer {
  return { id, phone: undefined, language: undefined, promotionsAllowed: true };
}

/**
 * Who is meant, if the request says so. `customer_id` wins over type and number.
 *
 * @throws Refusal when the request names a customer whom the directory does not know
 */
export async function identifyCustomer(
  { customer_id: id, customer_id_type: type, customer_id_number: number }: CustomerNames,
  directory: CustomerDirectory,
): Promise<Holder | undefined> {
  if (id !== undefined) {
    return heldAs(holderOf(id), (await directory.byId(id)) ?? refuse('UNKNOWN_CUSTOMER'));
  }
  if (type !== undefined && number !== undefined) {
    const customer = (await directory.byNumber(type, number)) ?? refuse('UNKNOWN_CUSTOMER_NUMBER');
    return heldAs(customer.id === undefined ? `document:${type}:${number}` : holderOf(customer.id), customer);
  }
  return undefined;
}

/** The name under which tickets know a customer who has an id. */
export function holderOf(customerId: string): string {
  return `id:${customerId}`;
}

function heldAs(holder: string, customer: Customer): Holder {
  return { ...customer, holder };
}

function refuse(reason: 'UNKNOWN_CUSTOMER' | 'UNKNOWN_CUSTOMER_NUMBER'): never {
  throw new Refusal(reason);
}
