import type { Branch, BranchDetails, Sector, SectorDetails } from '@turno/shared';
import { rememberedOpening } from './remembered-time.ts';
import { congestionLevel, estimate } from './waiting-time.ts';

/** What a ticket and a read of the branch both say of it. */
export function presentBranchCore(branch: Branch) {
  const { id, name, short_name, code, address, latitude, longitude, status } = branch;
  return { id, name, short_name, code, address, latitude, longitude, status };
}

export function presentOpening(branch: Branch, now: Date): { opening_time: string; closing_time: string } {
  const { opens, closes } = rememberedOpening(branch, now);
  return { opening_time: opens.toISOString(), closing_time: closes.toISOString() };
}

/**
 * The branch as reads show it.
 *
 * @param wait the expected wait, in minutes; undefined when the branch is closed: nobody waits there
 */
export function presentBranch(branch: Branch, wait: number | undefined, now: Date): BranchDetails {
  return {
    ...presentBranchCore(branch),
    is_virtual: branch.is_virtual,
    is_bookable: branch.is_bookable,
    ...presentOpening(branch, now),
    ...(wait !== undefined && presentWait(branch, wait)),
    sectors: presentSectors(branch.sectors),
  };
}

function presentWait(branch: Branch, wait: number) {
  const { low, high } = estimate(wait, branch);
  return {
    low_estimated_time: low,
    high_estimated_time: high,
    congestion_level: congestionLevel(wait, branch),
  };
}

/** Sectors by their short names. */
export function presentSectors(sectors: readonly Sector[]): SectorDetails[] {
  return sectors
    .map(({ id, name, short_name, status, services }) => ({ id, name, short_name, status, services: [...services] }))
    .toSorted(byShortName);
}

/** The order of lists of sectors and services. */
export function byShortName(a: { short_name: string }, b: { short_name: string }): number {
  return a.short_name.localeCompare(b.short_name, 'es');
}
