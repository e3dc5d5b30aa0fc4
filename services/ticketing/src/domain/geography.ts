import type { Branch, ListBranches } from '@turno/shared';
import { distance } from '@turf/distance';

type Position = Pick<Branch, 'latitude' | 'longitude'>;
type Box = Pick<ListBranches, 'min_latitude' | 'max_latitude' | 'min_longitude' | 'max_longitude'>;

/** Compares branches by their great-circle distance to a position, nearest first. */
export function distanceTo(from: Position): (a: Branch, b: Branch) => number {
  const kilometres = ({ latitude, longitude }: Position): number =>
    distance([from.longitude, from.latitude], [longitude, latitude]);
  return (a, b) => kilometres(a) - kilometres(b);
}

/**
 * Whether a position lies within the box; a side that is not given does not limit it. A box whose western side is east of
 * its eastern one crosses the date line, as in GeoJSON (RFC 7946, section 5.2).
 */
export function isWithin({ latitude, longitude }: Position, box: Box): boolean {
  const { min_latitude: south = -90, max_latitude: north = 90, min_longitude: west, max_longitude: east } = box;
  if (latitude < south || latitude > north) return false;
  const eastOfWest = west === undefined || longitude >= west;
  const westOfEast = east === undefined || longitude <= east;
  const crossesDateLine = west !== undefined && east !== undefined && west > east;
  return crossesDateLine ? eastOfWest || westOfEast : eastOfWest && westOfEast;
}
