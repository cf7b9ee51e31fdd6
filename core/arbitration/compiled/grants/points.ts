import { prorate } from '../../../money/prorate.ts';
import type { PointsBenefit } from '../../../rules/benefit.ts';
import type { Grant } from '../../interpret/grants/grant.ts';
import { creditOf, grant as grantByField } from '../../interpret/grants/points.ts';
import { pointsOn } from '../../interpret/points.ts';
import type { Effect } from '../../interpret/state.ts';
import type { Session } from '../session.ts';
import { partsOf } from './parts.ts';

/** What one benefit grants: see `interpret/grants/points.ts`, which says what it is. */
export function grant(
  { at }: Session,
  effect: Effect,
  { benefit, paid }: { benefit: PointsBenefit; paid: readonly number[] },
): Grant | undefined {
  if (benefit.value.by === 'field') return grantByField(at, effect, { benefit, paid })[0];
  const bases = partsOf(at.lines, effect, paid);
  let base = 0;
  for (let slot = 0; slot < bases.length; slot += 1) base += bases[slot] ?? 0;
  const times = benefit.timesBundles ? effect.bundles : 1;
  const requested = pointsOn(base, benefit, at) * times;
  if (requested <= 0) return undefined;
  const weights = base > 0 ? bases : unitsOf(effect, bases.length);
  const shares = prorate(requested, weights, at.money.residual);
  const credit = creditOf(at, benefit.credit);
  return { effect, type: benefit.type, credit, requested, shares, multiplied: false };
}

/** Where nothing was paid, points that do not depend on money go by units. */
function unitsOf({ units }: Effect, slots: number): readonly number[] {
  const weights: number[] = [];
  for (let slot = 0; slot < slots; slot += 1) weights.push(units[slot] ?? 0);
  return weights;
}
