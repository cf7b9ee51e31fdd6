import { shrink } from '../../money/prorate.ts';
import { mulDiv } from '../../money/rounding.ts';
import { type MaxDiscount, MILLION, type NodeLimits } from '../../rules/normal.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { Case } from './case.ts';
import { appliedIn, appliedToGoods, type Effect, goodsOf, type State, sum } from './state.ts';
import type { CutLimit } from './trace-limits.ts';

/**
 * Limits that any node of the tree may have: a maximum discount, taken from what has been
 * applied, and a minimum price, respected while it is applied.
 */

/** How an excess is taken back: from the last part first, or from all in proportion. */
export type Way = 'last-first' | 'pro-rata';

/** The floors of a node: its own minimum prices and those of all nodes above, the higher wins. */
export function floorsWith(
  above: readonly number[],
  { minPrice }: NodeLimits,
  lines: readonly OrderLine[],
): readonly number[] {
  if (minPrice === undefined) return above;
  return above.map((floor, slot) => {
    const line = lines[slot];
    return line === undefined ? floor : Math.max(floor, floorOf(minPrice, line));
  });
}

/** The least a whole line may cost, rounded up to a minor unit. */
function floorOf(minPrice: NonNullable<NodeLimits['minPrice']>, line: OrderLine): number {
  switch (minPrice.kind) {
    case 'amount':
      return mulDiv(minPrice.amount, line.quantity, 1000, 'ceil');
    case 'percent':
      return mulDiv(line.gross, minPrice.percent, MILLION, 'ceil');
    case 'field': {
      const value = line.fields.get(minPrice.field);
      const isPrice = typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
      return isPrice ? mulDiv(value, line.quantity, 1000, 'ceil') : 0;
    }
  }
}

/** What is given up of several parts so that they respect a maximum discount. */
export interface CapOrder {
  readonly cap: MaxDiscount | undefined;
  readonly way: Way;
  /** Effects of the same node at the level before; they count against the cap. */
  readonly earlier: readonly Effect[];
}

/** Takes parts down to a node's maximum discount on goods. Each part is one child's effects. */
export function cappedParts(
  parts: readonly (readonly Effect[])[],
  { cap, way, earlier }: CapOrder,
  { state, at }: { state: State; at: Case },
): readonly (readonly Effect[])[] {
  if (cap === undefined) return parts;
  const goods = at.lines.map((_, slot) => slot);
  if (cap.per === 'order') {
    // The input of the node: prices now, with its own earlier discounts added back.
    const used = appliedToGoods(earlier);
    const base = goodsOf(state.net) + used;
    const limit: CutLimit = { kind: 'max-discount', cap, base, used };
    const allowed = allowance(cap, base) - used;
    return takeDown(parts, { slots: goods, allowed, way, limit }, at);
  }
  return goods.reduce((soFar, slot) => {
    const used = appliedIn(earlier, slot);
    const base = (state.net[slot] ?? 0) + used;
    const limit: CutLimit = { kind: 'max-discount', cap, base, used };
    const allowed = allowance(cap, base) - used;
    return takeDown(soFar, { slots: [slot], allowed, way, limit }, at);
  }, parts);
}

/** The most that a cap on the order leaves to take off the goods; `Infinity` without one. */
export function allowedByOrder(
  { cap, earlier }: Pick<CapOrder, 'cap' | 'earlier'>,
  { net }: Pick<State, 'net'>,
): number {
  if (cap?.per !== 'order') return Number.POSITIVE_INFINITY;
  const used = appliedToGoods(earlier);
  return allowance(cap, goodsOf(net) + used) - used;
}

export function allowance(cap: MaxDiscount, base: number): number {
  return cap.kind === 'amount' ? cap.amount : mulDiv(base, cap.percent, MILLION, 'floor');
}

interface Target {
  readonly slots: readonly number[];
  readonly allowed: number;
  readonly way: Way;
  /** What allows no more, for whoever is told. */
  readonly limit: CutLimit;
}

/** Lowers what parts apply in some slots until it is no more than allowed. */
export function takeDown(
  parts: readonly (readonly Effect[])[],
  target: Target,
  at: Case,
): readonly (readonly Effect[])[] {
  const { slots, allowed } = target;
  const total = sum(slots.map((slot) => appliedIn(parts.flat(), slot)));
  const excess = total - Math.max(0, allowed);
  if (excess <= 0) return parts;
  const lowered = lowerParts(parts, { ...target, excess }, at);
  at.trace?.cut(target, parts.flat(), { after: lowered.flat(), slots });
  return lowered;
}

interface Excess extends Target {
  readonly excess: number;
}

function lowerParts(
  parts: readonly (readonly Effect[])[],
  target: Excess,
  at: Case,
): readonly (readonly Effect[])[] {
  const { slots, way, limit } = target;
  if (way === 'pro-rata') return regroup(lower(parts.flat(), target, at), parts);
  let { excess } = target;
  const lowered: (readonly Effect[])[] = [];
  for (const part of parts.toReversed()) {
    const some = Math.min(excess, positive(part, slots));
    lowered.unshift(some > 0 ? lower(part, { slots, limit, excess: some }, at) : part);
    excess -= Math.max(0, some);
  }
  return lowered;
}

function positive(effects: readonly Effect[], slots: readonly number[]): number {
  return sum(entriesOf(effects, slots).map((entry) => entry.amount));
}

interface Entry {
  readonly effect: Effect;
  readonly slot: number;
  readonly amount: number;
}

function entriesOf(effects: readonly Effect[], slots: readonly number[]): Entry[] {
  return effects.flatMap((effect) =>
    slots
      .map((slot) => ({ effect, slot, amount: effect.applied[slot] ?? 0 }))
      .filter((entry) => entry.amount > 0),
  );
}

/** Takes an excess from effects, in proportion to what each applies in each slot. */
function lower(
  effects: readonly Effect[],
  { slots, excess, limit }: Omit<Excess, 'way' | 'allowed'>,
  at: Case,
): readonly Effect[] {
  const entries = entriesOf(effects, slots);
  const amounts = entries.map((entry) => entry.amount);
  const allowed = Math.max(0, sum(amounts) - excess);
  const shares = shrink(amounts, allowed, at.money.residual);
  const split = { of: limit.kind, total: allowed, weights: amounts, capacities: amounts };
  at.trace?.split({ ...split, slots: entries.map(({ slot }) => slot) }, at.money.residual);
  return effects.map((effect) => {
    const applied = [...effect.applied];
    entries.forEach((entry, index) => {
      if (entry.effect === effect) applied[entry.slot] = shares[index] ?? 0;
    });
    return { ...effect, applied };
  });
}

function regroup(
  effects: readonly Effect[],
  parts: readonly (readonly Effect[])[],
): readonly (readonly Effect[])[] {
  let from = 0;
  return parts.map((part) => {
    from += part.length;
    return effects.slice(from - part.length, from);
  });
}
