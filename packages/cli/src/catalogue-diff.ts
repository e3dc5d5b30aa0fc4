import type { Branch, Catalogue } from '@turno/shared';
import diff from 'microdiff';

/** One thing that an import would add, remove or change. */
export interface Change {
  readonly kind: 'network' | 'service' | 'branch' | 'sector' | 'promotion';
  /** A sector's with its branch before it: `27b6/s8`. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  readonly what: 'added' | 'removed' | 'changed';
  /** Of what changed, each field: `hours.monday.opens`. A field that is not there is undefined. */
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

interface Part {
  readonly id: string;
  readonly name: string;
  readonly fields: Record<string, unknown>;
}

/** What becomes different when `after` comes into force in place of `before`, which is undefined for the first import. */
export function changesBetween(before: Catalogue | undefined, after: Catalogue): Change[] {
  const both = (pick: (catalogue: Catalogue) => Part[]) => [before ? pick(before) : [], pick(after)] as const;
  const [earlierBranches, laterBranches] = both(({ branches }) => branches.map(branchPart));
  // With a branch that comes or goes, its sectors go without saying.
  const staying = new Set(idsInBoth(earlierBranches, laterBranches));
  const stayingSectors = ({ branches }: Catalogue) => branches.filter(({ id }) => staying.has(id)).flatMap(sectorParts);
  return [
    ...changesOf('network', ...both((catalogue) => [network(catalogue)])),
    ...changesOf('service', ...both(({ services }) => services.map((service) => part(service.name, service)))),
    ...changesOf('branch', earlierBranches, laterBranches),
    ...changesOf('sector', ...both(stayingSectors)),
    ...changesOf('promotion', ...both(({ promotions }) => promotions.map((one) => part(one.text, one)))),
  ];
}

function network({ customers, on_the_spot_channels }: Catalogue): Part {
  return { id: '', name: 'settings', fields: { customers, on_the_spot_channels } };
}

function part(name: string, { id, ...fields }: { readonly id: string; readonly [field: string]: unknown }): Part {
  return { id, name, fields };
}

function branchPart({ id, sectors: _apart, ...fields }: Branch): Part {
  return { id, name: fields.name, fields };
}

function sectorParts(branch: Branch): Part[] {
  return branch.sectors.map(({ id, ...fields }) => ({ id: `${branch.id}/${id}`, name: fields.name, fields }));
}

function changesOf(kind: Change['kind'], before: readonly Part[], after: readonly Part[]): Change[] {
  const earlier = new Map(before.map((one) => [one.id, one]));
  const later = new Set(after.map(({ id }) => id));
  const removed = before.filter(({ id }) => !later.has(id));
  return [
    ...removed.map(({ id, name }): Change => ({ kind, id, name, what: 'removed', fields: [] })),
    ...after.flatMap((one) => changeOf(kind, earlier.get(one.id), one)),
    ...changeOfOrder(kind, before, after),
  ];
}

/** The order counts too: messages come in that of the promotions. What is new or gone says nothing about the order. */
function changeOfOrder(kind: Change['kind'], before: readonly Part[], after: readonly Part[]): Change[] {
  const [earlier, later] = [idsInBoth(before, after).join(', '), idsInBoth(after, before).join(', ')];
  if (earlier === later) return [];
  return [{ kind, id: '', name: 'order', what: 'changed', fields: [{ field: 'ids', before: earlier, after: later }] }];
}

/** In the order of the first list. */
function idsInBoth(first: readonly Part[], second: readonly Part[]): string[] {
  const ids = new Set(second.map(({ id }) => id));
  return first.map(({ id }) => id).filter((id) => ids.has(id));
}

function changeOf(kind: Change['kind'], before: Part | undefined, { id, name, fields: after }: Part): Change[] {
  if (!before) return [{ kind, id, name, what: 'added', fields: [] }];
  const fields = diff(withWholeLists(before.fields), withWholeLists(after)).map((difference) => ({
    field: difference.path.join('.'),
    before: 'oldValue' in difference ? difference.oldValue : undefined,
    after: 'value' in difference ? difference.value : undefined,
  }));
  return fields.length === 0 ? [] : [{ kind, id, name, what: 'changed', fields }];
}

/** Lists are compared whole: that one id left a sector says more than which positions shifted. */
function withWholeLists(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, Array.isArray(value) ? `[${value.join(', ')}]` : value]),
  );
}
