/** Something that is wrong with a catalogue, and where: `['branches', 0, 'id']`. */
export interface Mistake {
  readonly path: (string | number)[];
  readonly message: string;
}

interface Identified {
  readonly id: string;
}

/** What these rules read of a catalogue whose fields are all well-formed. */
interface Network {
  readonly services: readonly Identified[];
  readonly branches: readonly (Identified & {
    readonly sectors: readonly (Identified & { readonly services: readonly string[] })[];
  })[];
  readonly promotions: readonly (Identified & {
    readonly branches?: readonly string[] | undefined;
    readonly services?: readonly string[] | undefined;
  })[];
  readonly known_customers: readonly (Identified & {
    readonly id_type?: string | undefined;
    readonly id_number?: string | undefined;
  })[];
}

/** Whatever is there twice and must be there once. The place is that of the second. */
export function* repeatedIds({
  services,
  branches,
  promotions,
  known_customers: customers,
}: Network): Generator<Mistake> {
  yield* repeatedIn(services, ['services']);
  yield* repeatedIn(branches, ['branches']);
  for (const [b, { sectors }] of branches.entries()) {
    yield* repeatedIn(sectors, ['branches', b, 'sectors']);
    for (const [s, { services: offered }] of sectors.entries()) {
      for (const [i, id] of repeated(offered, (offer) => offer)) {
        yield { path: ['branches', b, 'sectors', s, 'services', i], message: `the service "${id}" is listed twice` };
      }
    }
  }
  yield* repeatedIn(promotions, ['promotions']);
  yield* repeatedIn(customers, ['known_customers']);
  for (const [i, document] of repeated(customers, identityDocument)) {
    const message = `another customer has the identity document ${document}`;
    yield { path: ['known_customers', i, 'id_number'], message };
  }
}

/** Ids of branches and services that do not exist. */
export function* namesThatLeadNowhere({ services, branches, promotions }: Network): Generator<Mistake> {
  const serviceIds = new Set(services.map(({ id }) => id));
  const branchIds = new Set(branches.map(({ id }) => id));
  for (const [b, { sectors }] of branches.entries()) {
    for (const [s, sector] of sectors.entries()) {
      yield* unknownIn(sector.services, serviceIds, ['branches', b, 'sectors', s, 'services'], 'service');
    }
  }
  for (const [p, promotion] of promotions.entries()) {
    yield* unknownIn(promotion.branches ?? [], branchIds, ['promotions', p, 'branches'], 'branch');
    yield* unknownIn(promotion.services ?? [], serviceIds, ['promotions', p, 'services'], 'service');
  }
}

function* repeatedIn(list: readonly Identified[], path: Mistake['path']): Generator<Mistake> {
  for (const [i, id] of repeated(list, (item) => item.id)) {
    yield { path: [...path, i, 'id'], message: `the id "${id}" is there twice` };
  }
}

function* unknownIn(
  ids: readonly string[],
  known: ReadonlySet<string>,
  path: Mistake['path'],
  kind: string,
): Generator<Mistake> {
  for (const [i, id] of ids.entries()) {
    if (!known.has(id)) yield { path: [...path, i], message: `there is no ${kind} "${id}"` };
  }
}

/** Index and key of each item whose key an earlier item has already; items without a key are left out. */
function* repeated<T>(list: readonly T[], keyOf: (item: T) => string | undefined): Generator<[number, string]> {
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    const key = keyOf(item);
    if (key === undefined) continue;
    if (seen.has(key)) yield [i, key];
    seen.add(key);
  }
}

function identityDocument({ id_type, id_number }: Network['known_customers'][number]): string | undefined {
  return id_type === undefined || id_number === undefined ? undefined : `${id_type} ${id_number}`;
}
