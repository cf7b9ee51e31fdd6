import type { Assigned, Reach, Scope } from './roles.ts';

/** A named set of stores, such as what one manager looks after. One without stores is not kept. */
export interface Area {
  readonly name: string;
  readonly stores: readonly string[];
}

/** What somebody may reach now, with the stores of each area. An area that is gone has none. */
export function scopeOf(
  { stores, areas, partners }: Assigned,
  storesOf: (area: string) => readonly string[] | undefined,
): Scope {
  return { stores: withAreas(stores, areas, storesOf), partners };
}

function withAreas(
  stores: Reach,
  areas: readonly string[],
  storesOf: (area: string) => readonly string[] | undefined,
): Reach {
  if (stores === 'all' || areas.length === 0) return stores;
  const reached = new Set(stores);
  for (const area of areas) for (const store of storesOf(area) ?? []) reached.add(store);
  return [...reached];
}
