import { prorate } from '../../../money/prorate.ts';
import type { Benefit } from '../../../rules/benefit.ts';
import type { Ask } from '../../../rules/benefits/bear.ts';
import { moneyOf, type Portion } from '../../../rules/benefits/portion.ts';
import type { Selection } from '../../language.ts';
import type { Case } from '../case.ts';

/** What a benefit acts on: some units of the lines, at present prices. */
export interface Basket {
  readonly at: Case;
  /** The present price of each slot. */
  readonly net: readonly number[];
  readonly selection: Selection;
}

/** The selected part of a line; `undefined` when nothing of it is selected. */
export function portionOf(slot: number, { at, net, selection }: Basket): Portion | undefined {
  const units = selection.units[slot] ?? 0;
  const quantity = at.lines[slot]?.quantity ?? 0;
  return units > 0 ? { net: net[slot] ?? 0, units, quantity } : undefined;
}

/** Selected money of each slot; nothing for delivery. */
export function weightsOf(basket: Basket): number[] {
  return basket.net.map((_, slot) => {
    const portion = portionOf(slot, basket);
    return portion === undefined ? 0 : moneyOf(portion);
  });
}

/** Selected units of each slot. */
export function unitWeights({ net, selection }: Basket): number[] {
  return net.map((_, slot) => selection.units[slot] ?? 0);
}

/** How often a benefit counts. */
export function timesOf(benefit: Benefit, selection: Selection): number {
  return benefit.timesBundles ? selection.bundles : 1;
}

/** Splits a total over the selected slots only. */
export function splitByWeights(total: number, weights: readonly number[], basket: Basket): Ask {
  const selected = weights.flatMap((_, slot) =>
    (basket.selection.units[slot] ?? 0) > 0 ? [slot] : [],
  );
  const requested = weights.map(() => 0);
  if (selected.length === 0) return { requested, weights };
  const own = selected.map((slot) => weights[slot] ?? 0);
  const { residual } = basket.at.money;
  const shares = prorate(total, own, residual);
  basket.at.trace?.split({ of: 'requested', total, weights: own, slots: selected }, residual);
  selected.forEach((slot, index) => {
    requested[slot] = shares[index] ?? 0;
  });
  return { requested, weights };
}
