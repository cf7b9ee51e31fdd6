import type { LedgerRange } from './ledger-tail.ts';

/** Ledger sequences by partition. A partition that is absent is at 0. */
export type Positions = ReadonlyMap<number, number>;

/** How many records lie between two positions. */
export function recordsBetween(cursor: Positions, heads: Positions): number {
  let records = 0;
  for (const [partition, head] of heads) {
    records += Math.max(0, head - (cursor.get(partition) ?? 0));
  }
  return records;
}

/**
 * Cuts the next block: what lies between the cursor and the durable heads, at most `recordsMax`
 * records. When there is more, every partition gives in proportion to what waits in it, so that
 * none falls behind the others. Partitions are in ascending order: equal input, equal block.
 */
export function cutBlock(
  cursor: Positions,
  heads: Positions,
  recordsMax: number,
): readonly LedgerRange[] {
  const waiting = recordsBetween(cursor, heads);
  const ranges: LedgerRange[] = [];
  let left = recordsMax;
  for (const partition of [...heads.keys()].toSorted((one, other) => one - other)) {
    const after = cursor.get(partition) ?? 0;
    const behind = Math.max(0, (heads.get(partition) ?? 0) - after);
    const share = waiting <= recordsMax ? behind : Math.ceil((behind * recordsMax) / waiting);
    const taken = Math.min(share, behind, left);
    if (taken === 0) continue;
    left -= taken;
    ranges.push({ partition, first: after + 1, last: after + taken });
  }
  return ranges;
}

/** The cursor behind a block. */
export function advanced(cursor: Positions, ranges: readonly LedgerRange[]): Positions {
  const next = new Map(cursor);
  for (const { partition, last } of ranges) next.set(partition, last);
  return next;
}

/** The cursor before a block that had been passed. */
export function rewound(cursor: Positions, ranges: readonly LedgerRange[]): Positions {
  const earlier = new Map(cursor);
  for (const { partition, first } of ranges) earlier.set(partition, first - 1);
  return earlier;
}
