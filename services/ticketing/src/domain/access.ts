import { Refusal, type CreateTicket, type Principal, type RefusalReason } from '@turno/shared';
import { holderOf, identifyCustomer, type CustomerDirectory, type CustomerNames, type Holder } from './customer.ts';

/** The tickets that a principal may see and change: those that have all of this. */
export interface Reach {
  readonly keyChannel?: string;
  readonly holder?: string;
}

/** Who is anonymous reaches all: that is what authentication being off means. */
export function reachOf(principal: Principal): Reach {
  switch (principal.kind) {
    case 'anonymous':
      return {};
    case 'channel':
      return { keyChannel: principal.channel };
    case 'customer':
      return { holder: holderOf(principal.customer_id) };
  }
}

/** The channel that a ticket remembers as its maker's, whatever its request says of a channel. */
export function keyChannelOf(principal: Principal): string | undefined {
  return principal.kind === 'channel' ? principal.channel : undefined;
}

/**
 * The channel that a ticket is taken at, for the rules of the catalogue: the one that the request names, else that of the
 * key. The ticket itself tells only what the request said.
 *
 * @throws Refusal when a key speaks for another channel
 */
export function channelFor(principal: Principal, { channel }: Pick<CreateTicket, 'channel'>): string | undefined {
  if (principal.kind !== 'channel') return channel;
  if (channel !== undefined && channel !== principal.channel) throw new Refusal('CHANNEL_OF_ANOTHER');
  return principal.channel;
}

/** A customer who names the channel of a kiosk need not stand before one. */
export function maySayWhere({ kind }: Principal): boolean {
  return kind !== 'customer';
}

/** @throws Refusal when a customer names another one by its id */
export function assertOwnId(
  principal: Principal,
  { customer_id: id }: Pick<CustomerNames, 'customer_id'>,
  refusal: RefusalReason,
): void {
  if (principal.kind === 'customer' && id !== undefined && id !== principal.customer_id) throw new Refusal(refusal);
}

/**
 * Whom a request is about: a customer who names nobody means itself.
 *
 * @param refusal what a customer is told who names another one, known or not: it learns nothing of that one
 * @throws Refusal that one, or when the directory does not know the customer
 */
export async function identifyFor(
  principal: Principal,
  names: CustomerNames,
  directory: CustomerDirectory,
  refusal: RefusalReason,
): Promise<Holder | undefined> {
  if (principal.kind !== 'customer') return identifyCustomer(names, directory);
  assertOwnId(principal, names, refusal);
  if (names.customer_id !== undefined || names.customer_id_number === undefined) {
    return identifyCustomer({ ...names, customer_id: principal.customer_id }, directory);
  }
  const named = await identifyCustomer(names, directory).catch((error: unknown) => {
    throw error instanceof Refusal ? new Refusal(refusal) : error;
  });
  if (named?.holder !== holderOf(principal.customer_id)) throw new Refusal(refusal);
  return named;
}
