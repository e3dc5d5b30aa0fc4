import type { Catalogue } from '@turno/shared';

/** What a creation may be answered: `created`, or the message of a 400. */
export type Verdict = readonly string[];

export const created = 'created';
export const bodyInvalid: Verdict = ['Invalid request body.'];

/** A body as it is judged: whatever type a field has. */
type Fields = Readonly<Record<string, unknown>>;

const isSent = (value: unknown): boolean => value !== undefined;
const matches = (pattern: RegExp, value: unknown): value is string => typeof value === 'string' && pattern.test(value);

/** As people count them; half of a character is none. */
function isChannel(value: unknown): boolean {
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) return false;
  return /^.{1,20}$/su.test(value);
}

/**
 * What contract.md says of a body for "Create a ticket" on a network that knows its customers: an oracle, so it is made
 * from that page and shares nothing with the product's schemas.
 */
export function verdictOn(body: unknown, network: Catalogue): Verdict {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return bodyInvalid;
  const fields: Fields = Object.fromEntries(Object.entries(body));
  const broken = table(network).find(([, isBroken]) => isBroken(fields));
  return broken ? [broken[0]] : rulesOn(fields, network);
}

type Row = readonly [message: string, isBroken: (fields: Fields) => boolean];

/** The rows of the contract's table, in its order. */
function table(network: Catalogue): readonly Row[] {
  const { branches, services, known_customers: customers } = network;
  return [
    ['Invalid branch ID.', ({ branch_id }) => !branches.some(({ id }) => id === branch_id)],
    ['Invalid sector ID.', (fields) => !sectorOf(fields, network)],
    ['Invalid service ID.', ({ service_id }) => !services.some(({ id }) => id === service_id)],
    ['Invalid channel.', ({ channel }) => isSent(channel) && !isChannel(channel)],
    ['Invalid phone.', ({ phone }) => isSent(phone) && !matches(/^\+[1-9][0-9]{3,14}$/, phone)],
    [
      'Invalid customer ID.',
      ({ customer_id }) => isSent(customer_id) && !customers.some(({ id }) => id === customer_id),
    ],
    [
      'Invalid customer ID type.',
      ({ customer_id_type: type, customer_id_number: number }) =>
        isSent(type) ? !matches(/^[0-9a-zA-Z]{1,2}$/, type) : isSent(number),
    ],
    [
      'Invalid customer ID number.',
      ({ customer_id: id, customer_id_type: type, customer_id_number: number }) => {
        if (!isSent(number)) return isSent(type);
        if (!matches(/^[0-9a-zA-Z]{1,16}$/, number)) return true;
        // The customer's id wins: who has the document does not matter then.
        return !isSent(id) && !customers.some(({ id_type, id_number }) => id_type === type && id_number === number);
      },
    ],
  ];
}

function sectorOf({ branch_id, sector_id }: Fields, { branches }: Catalogue) {
  return branches.find(({ id }) => id === branch_id)?.sectors.find(({ id }) => id === sector_id);
}

/** The rules that need the catalogue, of a body whose fields are right. */
function rulesOn(fields: Fields, network: Catalogue): Verdict {
  const branch = network.branches.find(({ id }) => id === fields['branch_id'])!;
  const sector = sectorOf(fields, network)!;
  if (!sector.services.includes(String(fields['service_id']))) return ['Not allowed service for the branch.'];
  if (branch.status === 'CLOSE') return ['The branch is closed.'];
  if (sector.status === 'CLOSE') return ['The sector is closed.'];
  const isNamed = 'customer_id' in fields || 'customer_id_number' in fields;
  // Whether the customer holds one already depends on what else was sent.
  if (branch.one_ticket_per_service && isNamed)
    return [created, 'The customer already holds a ticket for the service.'];
  return [created];
}
