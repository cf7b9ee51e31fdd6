import type { Benefit } from '../../rules/benefit.ts';
import type { NormalPromotion } from '../../rules/normal.ts';

/**
 * Slots are places where money can change: the lines of the checkout in their order and, last,
 * the delivery price.
 */

/** Product-level benefits run through the whole tree first, then order-level ones. */
export type Level = 'product' | 'order';

/** What one benefit of one promotion does. Lists have one number a slot. */
export interface Effect {
  readonly promotion: NormalPromotion;
  readonly benefit: Benefit;
  /** What was asked for, and what is left of it after caps and floors. Positive lowers. */
  readonly requested: readonly number[];
  readonly applied: readonly number[];
  /** Thousandths of each line that it acts on. */
  readonly units: readonly number[];
  /** Slots outside of `[from, to)` are not touched; absent where nobody noted it. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly bundles: number;
  /** What the points it grants would be worth at present prices, for comparing candidates. */
  readonly worth: readonly number[];
}

/** How things stand at some place of the tree. Never changed, only followed by another. */
export interface State {
  /** The present price of each slot. */
  readonly net: readonly number[];
  /** Everything that has been applied on the way here. */
  readonly effects: readonly Effect[];
}

/** Why a promotion did nothing at a place of the tree. */
export interface Note {
  readonly promotion: NormalPromotion;
  readonly reason: string;
}

/** What a node of the tree answers. */
export interface Result {
  readonly effects: readonly Effect[];
  readonly notes: readonly Note[];
}

export const NOTHING: Result = { effects: [], notes: [] };

/** A node that does nothing, for a reason. */
export function nothingBecause(promotion: NormalPromotion, reason: string): Result {
  return { effects: [], notes: [{ promotion, reason }] };
}

export function sum(numbers: readonly number[]): number {
  let total = 0;
  // Every decision comes here often, with lists of integers and of fractions.
  for (let at = 0; at < numbers.length; at += 1) total += numbers[at] ?? 0;
  return total;
}

/** The price of the goods, without delivery. */
export function goodsOf(slots: readonly number[]): number {
  return sum(slots) - (slots[slots.length - 1] ?? 0);
}

/** What is applied in one slot by several effects. */
export function appliedIn(effects: readonly Effect[], slot: number): number {
  let total = 0;
  for (const { applied } of effects) total += applied[slot] ?? 0;
  return total;
}

/** What is applied to the goods by several effects. */
export function appliedToGoods(effects: readonly Effect[]): number {
  let total = 0;
  for (const { applied } of effects) total += goodsOf(applied);
  return total;
}

/** The state after some effects. */
export function after(state: State, effects: readonly Effect[]): State {
  const net = state.net.map((price, slot) => price - appliedIn(effects, slot));
  return { net, effects: [...state.effects, ...effects] };
}

/** The same prices, but with more promotions known to have applied. */
export function alongside(state: State, effects: readonly Effect[]): State {
  return { net: state.net, effects: [...state.effects, ...effects] };
}

/** Whether an effect does anything in a slot. Benefits that grant points or texts act on units. */
export function touches(effect: Effect, slot: number): boolean {
  if (changesPrices(effect.benefit)) return (effect.applied[slot] ?? 0) !== 0;
  return (effect.units[slot] ?? 0) > 0;
}

/** Benefits that act on prices within the tree. All others are settled after the prices. */
export function changesPrices(benefit: Benefit): boolean {
  switch (benefit.kind) {
    case 'discount':
    case 'price':
    case 'partner-discount':
      return true;
    case 'round':
      return benefit.target !== 'order';
    case 'pay-with-points':
      return benefit.asDiscount;
    default:
      return false;
  }
}

/** The level at which a benefit takes part in arbitration. */
export function levelOf(benefit: Benefit): Level {
  return benefit.target === 'lines' ? 'product' : 'order';
}

/** What a set of effects is worth to the member: money off, and points at their value. */
export function benefitOf(effects: readonly Effect[]): number {
  let benefit = 0;
  for (const { applied, worth } of effects) benefit += sum(applied) + sum(worth);
  return benefit;
}
