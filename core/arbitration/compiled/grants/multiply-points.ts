import { prorate } from '../../../money/prorate.ts';
import type { MultiplyPointsBenefit } from '../../../rules/benefit.ts';
import { extraPoints } from '../../../rules/benefits/multiply-points.ts';
import type { Grant } from '../../interpret/grants/grant.ts';
import { isMultiplied } from '../../interpret/grants/multiply-points.ts';
import type { Effect } from '../../interpret/state.ts';
import type { Session } from '../session.ts';
import { partsOf } from './parts.ts';

/** Adds what a multiplier makes of each grant so far, on its lines. */
export function multiply(
  { at, plan }: Session,
  effect: Effect,
  { benefit, grants }: { benefit: MultiplyPointsBenefit; grants: Grant[] },
): void {
  const addsUp = plan.promotions[effect.promotion.position]?.groups.at(-1)?.mode === 'sum';
  const until = grants.length;
  for (let index = 0; index < until; index += 1) {
    const one = grants[index];
    if (one === undefined || !isMultiplied(at, one, benefit) || (addsUp && one.multiplied))
      continue;
    const weights = partsOf(at.lines, effect, one.shares);
    let base = 0;
    for (let slot = 0; slot < weights.length; slot += 1) base += weights[slot] ?? 0;
    const requested = extraPoints(base, benefit.factor, at.money);
    if (requested <= 0) continue;
    const shares = prorate(requested, weights, at.money.residual);
    grants.push({
      effect,
      type: one.type,
      credit: one.credit,
      requested,
      shares,
      multiplied: true,
    });
  }
}
