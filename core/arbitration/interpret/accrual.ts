import { prorate } from '../../money/prorate.ts';
import { points } from '../../money/units.ts';
import type { NormalPromotion } from '../../rules/normal.ts';
import type { Accrual } from '../decision.ts';
import { type Case, isInactive, pointTypeOf } from './case.ts';
import { bodyOf } from './eligibility.ts';
import type { Grant } from './grants/grant.ts';
import { multiply } from './grants/multiply-points.ts';
import { grant } from './grants/points.ts';
import { type Capped, issuedBy, leftOfCaps } from './partner-caps.ts';
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
  const list: Accrual[] = [];
  for (const one of merged) list.push(...toAccrual(at, one, list));
  return { list };
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

/**
 * A grant as the decision tells it, within its budget and the cap of its issuer, of which the
 * accruals so far took their part; nothing when it comes to nothing.
 */
export function toAccrual(at: Case, one: Grant, soFar: readonly Accrual[]): readonly Accrual[] {
  const { effect, type, credit, requested } = one;
  const issuer = issuerOf(at, effect.promotion);
  const within = withinCap(at, { ...one, shares: withinBudget(at, one, soFar) }, soFar);
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
      issuer,
    },
  ];
}

/** The partner who gives the points of a promotion; `undefined` for the programme itself. */
export function issuerOf(at: Case, promotion: NormalPromotion): string | undefined {
  return promotion.type === 'partner-offer' ? at.place.partner : undefined;
}

/** The shares that the issuer's cap still covers. */
function withinCap(
  at: Case,
  { effect, type, shares }: Grant,
  soFar: readonly Accrual[],
): readonly number[] {
  const partner = issuerOf(at, effect.promotion);
  if (partner === undefined) return shares;
  const capped: Capped = { of: 'issued', partner, type };
  const most = leftOfCaps(at, capped);
  if (most === undefined) return shares;
  const wanted = sum(shares);
  const left = Math.max(0, most - issuedBy(capped, soFar));
  if (wanted <= left) return shares;
  // The last use takes what is left, unless the promotion says that it may not.
  const isWhole = bodyOf(effect.promotion, at).limits.budget?.partial === false;
  if (isWhole) return shares.map(() => 0);
  at.trace?.split({ of: `cap of ${partner}`, total: left, weights: shares }, at.money.residual);
  return prorate(left, shares, at.money.residual);
}

/** The shares that the promotion's budget of points still covers. */
function withinBudget(
  at: Case,
  { effect, requested, shares }: Grant,
  soFar: readonly Accrual[],
): readonly number[] {
  const { promotion } = effect;
  const { budget } = bodyOf(promotion, at).limits;
  if (budget?.points === undefined) return shares;
  const own = soFar.filter((accrual) => accrual.promotion === promotion.id);
  const leftOf = (sku: string): number => {
    const left = budgetLeft(promotion, { budget, of: 'points', sku }, at) ?? 0;
    return Math.max(0, left - sum(own.map((one) => pointsOf(at, one, budget.perSku && sku))));
  };
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

/** Points of an accrual, or those of one article in it. */
function pointsOf(at: Case, { shares }: Accrual, sku: string | false): number {
  return sum(shares.filter((_, slot) => sku === false || at.lines[slot]?.sku === sku));
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
