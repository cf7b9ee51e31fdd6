import { prorate } from '../../money/prorate.ts';
import { points } from '../../money/units.ts';
import type { Accrual } from '../decision.ts';
import { type Case, isInactive, pointTypeOf } from './case.ts';
import { bodyOf } from './eligibility.ts';
import type { Grant } from './grants/grant.ts';
import { multiply } from './grants/multiply-points.ts';
import { grant } from './grants/points.ts';
import type { Payments } from './payment.ts';
import { type State, sum } from './state.ts';
import { budgetLeft } from './usage.ts';

/** Points granted by this checkout. */
export interface Accruals {
  readonly list: readonly Accrual[];
}

/** Points on what was really paid, then the multipliers, then the budgets of points. */
export function accrue(at: Case, state: State, payments: Payments): Accruals {
  const paid = state.net.map((price, slot) => price - (payments.paid[slot] ?? 0));
  const granted = state.effects.flatMap((effect) =>
    effect.benefit.kind === 'points' ? grant(at, effect, { benefit: effect.benefit, paid }) : [],
  );
  let all: readonly Grant[] = granted;
  for (const effect of state.effects) {
    if (effect.benefit.kind !== 'multiply-points') continue;
    all = all.concat(multiply(at, effect, { benefit: effect.benefit, soFar: all }));
  }
  const merged = merge(all);
  return { list: merged.flatMap((one) => toAccrual(at, one)) };
}

/** One promotion grants points of one type at one time once, however many benefits do it. */
export function merge(grants: readonly Grant[]): readonly Grant[] {
  if (grants.length <= 1) return grants;
  const merged = new Map<string, Grant>();
  for (const one of grants) {
    const { credit, effect, type } = one;
    const when = credit.kind === 'at' ? String(credit.at) : credit.kind;
    const key = `${effect.promotion.position}|${type}|${when}`;
    const same = merged.get(key);
    merged.set(key, same === undefined ? one : join(same, one));
  }
  return [...merged.values()];
}

function join(one: Grant, two: Grant): Grant {
  const shares = one.shares.map((share, slot) => share + (two.shares[slot] ?? 0));
  return { ...one, requested: one.requested + two.requested, shares };
}

/** A grant as the decision tells it, within its budget; nothing when it comes to nothing. */
export function toAccrual(at: Case, one: Grant): readonly Accrual[] {
  const { effect, type, credit, requested } = one;
  const within = withinBudget(at, one);
  const granted = sum(within);
  if (granted <= 0 || isInactive(at, pointTypeOf(at, type))) return [];
  return [
    {
      promotion: effect.promotion.id,
      benefit: effect.benefit.kind,
      type,
      requested: points(requested),
      points: points(granted),
      credit,
      shares: onLines(at, within).map(points),
      issuer: effect.promotion.type === 'partner-offer' ? at.place.partner : undefined,
    },
  ];
}

/** The shares that the promotion's budget of points still covers. */
function withinBudget(at: Case, { effect, requested, shares }: Grant): readonly number[] {
  const { promotion } = effect;
  const { budget } = bodyOf(promotion, at).limits;
  if (budget?.points === undefined) return shares;
  const leftOf = (sku: string) => budgetLeft(promotion, { budget, of: 'points', sku }, at) ?? 0;
  if (!budget.perSku) {
    const left = leftOf('');
    if (left < requested && budget.partial === false) return shares.map(() => 0);
    const granted = Math.min(requested, left);
    if (granted === requested) return shares;
    at.trace?.split(
      { of: `budget of ${promotion.id}`, total: granted, weights: shares },
      at.money.residual,
    );
    return prorate(granted, shares, at.money.residual);
  }
  const left = new Map<string, number>();
  return shares.map((share, slot) => {
    const sku = at.lines[slot]?.sku;
    if (sku === undefined) return 0;
    const rest = left.get(sku) ?? leftOf(sku);
    const some = Math.min(share, rest);
    left.set(sku, rest - some);
    return some;
  });
}

/** Points for the delivery go back with the goods, so they belong to the lines. */
function onLines(at: Case, shares: readonly number[]): readonly number[] {
  const lines = shares.slice(0, -1);
  const forDelivery = shares.at(-1) ?? 0;
  if (forDelivery === 0 || lines.length === 0) return lines;
  const weights = at.lines.map((line) => line.gross);
  const extra = prorate(forDelivery, weights, at.money.residual);
  at.trace?.split({ of: 'points for delivery', total: forDelivery, weights }, at.money.residual);
  return lines.map((share, slot) => share + (extra[slot] ?? 0));
}
