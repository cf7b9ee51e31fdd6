/**
 * The most that some children could give: what no search needs to look for. It is never less
 * than what they do give, so nothing that wins is left out.
 */
export interface Bound {
  /** What a child gives at most. */
  readonly giftOf: (child: number) => Gift;
  /** How far each slot may fall at all. */
  readonly room: readonly number[];
  /** The most that all together can give. */
  readonly ceiling: number;
  /** Whether a child may act beside all of some others, as far as stacking goes. */
  readonly mayJoin: (subset: readonly number[], child: number) => boolean;
  /** How many of a child's category may act; `undefined` = any number. */
  readonly quotaOf: (child: number) => Quota | undefined;
}

export interface Gift {
  /** What it takes off each slot at most; empty when that depends on other slots. */
  readonly bySlot: readonly number[];
  /** What it gives beside that, wherever: splits, points. `Infinity` when nobody knows. */
  readonly loose: number;
}

export interface Quota {
  readonly category: string;
  readonly limit: number;
}

/** No subset and some of the open children can give more than this. */
export function boundOf(bound: Bound, subset: readonly number[], open: readonly number[]): number {
  const quotas = new Map<string, number>();
  for (const child of subset) {
    const quota = bound.quotaOf(child);
    if (quota === undefined) continue;
    quotas.set(quota.category, (quotas.get(quota.category) ?? quota.limit) - 1);
  }
  const left = (quota: Quota) => Math.max(0, quotas.get(quota.category) ?? quota.limit);
  let total = mostOf(bound, { subset, open, left }, ({ loose }) => loose);
  for (let slot = 0; slot < bound.room.length; slot += 1) {
    const fall = mostOf(bound, { subset, open, left }, ({ bySlot }) => bySlot[slot] ?? 0);
    total += Math.min(bound.room[slot] ?? 0, fall);
  }
  return Math.min(total, bound.ceiling);
}

interface Company {
  readonly subset: readonly number[];
  readonly open: readonly number[];
  readonly left: (quota: Quota) => number;
}

/** The sum of one part of all gifts; of a category with a limit, only as many as may act. */
function mostOf(bound: Bound, { subset, open, left }: Company, of: (gift: Gift) => number): number {
  let total = 0;
  for (const child of subset) total += of(bound.giftOf(child));
  const limited = new Map<string, { readonly most: number; readonly amounts: number[] }>();
  for (const child of open) {
    const amount = of(bound.giftOf(child));
    const quota = amount === 0 ? undefined : bound.quotaOf(child);
    if (quota === undefined) total += amount;
    else {
      const found = limited.get(quota.category) ?? { most: left(quota), amounts: [] };
      found.amounts.push(amount);
      limited.set(quota.category, found);
    }
  }
  for (const { most, amounts } of limited.values()) {
    amounts.sort((one, two) => two - one);
    for (const amount of amounts.slice(0, most)) total += amount;
  }
  return total;
}
