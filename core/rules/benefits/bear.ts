import { type BoundedSplit, prorateWithin, type Residual } from '../../money/prorate.ts';

/**
 * From what is asked for to what the lines can bear (K7, K8). Slots are the lines and, last,
 * the delivery price.
 */

/** A wish to lower prices, slot by slot. */
export interface Ask {
  readonly requested: readonly number[];
  /** How a redistributed rest is shared out. */
  readonly weights: readonly number[];
}

/** What came of a wish. `requested` never falls below `applied`, and keeps its total. */
export interface Borne {
  readonly requested: readonly number[];
  readonly applied: readonly number[];
}

/** Each slot for itself: what it cannot bear is lost. Rising prices pass unhindered. */
export function clip(ask: Ask, capacities: readonly number[]): Borne {
  const applied = ask.requested.map((amount, slot) => Math.min(amount, capacities[slot] ?? 0));
  return { requested: ask.requested, applied };
}

/** What one slot cannot bear goes to the others while they can; only then is it lost. */
export function redistribute(ask: Ask, capacities: readonly number[], residual: Residual): Borne {
  const fits = ask.requested.every((amount, slot) => amount <= (capacities[slot] ?? 0));
  if (fits) return { requested: ask.requested, applied: ask.requested };
  const split = redistribution(ask, capacities);
  const applied = prorateWithin(split, residual);
  const placed = applied.reduce((soFar, amount) => soFar + amount, 0);
  return { requested: withLost(applied, split.total - placed, ask), applied };
}

/** How a wish is shared out anew: by its weights, within what each slot can bear. */
export function redistribution(ask: Ask, capacities: readonly number[]): BoundedSplit {
  const total = ask.requested.reduce((soFar, amount) => soFar + amount, 0);
  const open = capacities.map((capacity, slot) => ((ask.weights[slot] ?? 0) > 0 ? capacity : 0));
  return { total, weights: ask.weights, capacities: open };
}

/** What found no place is told at the slots that were asked for more than they could bear. */
function withLost(applied: readonly number[], lost: number, ask: Ask): number[] {
  const missing = ask.requested.map((amount, slot) => Math.max(0, amount - (applied[slot] ?? 0)));
  if (lost === 0) return [...applied];
  const shares = prorateWithin(
    { total: lost, weights: missing, capacities: missing },
    'floor-first',
  );
  return applied.map((amount, slot) => amount + (shares[slot] ?? 0));
}
