import { prorate } from '../../../money/prorate.ts';
import type { MultiplyPointsBenefit } from '../../../rules/benefit.ts';
import { extraPoints } from '../../../rules/benefits/multiply-points.ts';
import { moneyOf } from '../../../rules/benefits/portion.ts';
import { type Case, pointTypeOf } from '../case.ts';
import { groupsAround } from '../path.ts';
import { type Effect, sum } from '../state.ts';
import type { Grant } from './grant.ts';

/** What a multiplier adds to each grant so far, on its lines. */
export function multiply(
  at: Case,
  effect: Effect,
  { benefit, soFar }: { benefit: MultiplyPointsBenefit; soFar: readonly Grant[] },
): readonly Grant[] {
  const addsUp = groupsAround(at.rules, effect.promotion).at(-1)?.mode === 'sum';
  return soFar.flatMap((one) => {
    if (!isMultiplied(at, one, benefit) || (addsUp && one.multiplied)) return [];
    const weights = one.shares.map((share, slot) => multiplied(at, effect, { share, slot }));
    const requested = extraPoints(sum(weights), benefit.factor, at.money);
    if (requested <= 0) return [];
    const shares = prorate(requested, weights, at.money.residual);
    const of = `points of ${effect.promotion.id}`;
    at.trace?.split({ of, total: requested, weights }, at.money.residual);
    const { type, credit } = one;
    return [{ effect, type, credit, requested, shares, multiplied: true }];
  });
}

/** Whether a multiplier means a grant. */
export function isMultiplied(at: Case, { type }: Grant, benefit: MultiplyPointsBenefit): boolean {
  if (benefit.type !== undefined) return benefit.type === type;
  return pointTypeOf(at, type).kind === 'standard';
}

/** The part of a slot's points that a multiplier sees. */
function multiplied(
  at: Case,
  { benefit, units }: Effect,
  { share, slot }: { share: number; slot: number },
): number {
  const line = at.lines[slot];
  if (line === undefined) return benefit.target === 'lines' ? 0 : share;
  const selected = benefit.target === 'delivery' ? 0 : (units[slot] ?? 0);
  return selected === 0 ? 0 : moneyOf({ net: share, units: selected, quantity: line.quantity });
}
