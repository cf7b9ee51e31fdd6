import type { Regions } from './normal.ts';

/**
 * Whether a promotion runs at a place, given its path from the store upwards: the first place
 * that is mentioned decides; when none is, it runs unless `in` names any.
 */
export function runsAt(regions: Regions | undefined, path: readonly string[]): boolean {
  if (regions === undefined) return true;
  for (const place of path) {
    if (regions.except.includes(place)) return false;
    if (regions.in.includes(place)) return true;
  }
  return regions.in.length === 0;
}
