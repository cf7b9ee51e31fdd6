import type { Budget, NormalPromotion, PromotionBody } from '../../rules/normal.ts';
import type { Usage } from '../decision.ts';
import type { Reason } from '../reasons.ts';
import type { Case } from './case.ts';

/**
 * Limits over many checkouts: so many uses a member, so much budget for everybody. The counters
 * are kept by the ledger; here their keys are made and what is left of them is read.
 */

const UNUSED: Usage = { uses: 0, units: 0, discount: 0, points: 0 } as Usage;

/** The key of a budget's counter; one for each sku where the budget is per sku. */
export function budgetKey(
  promotion: NormalPromotion,
  budget: Budget,
  at: Case,
): (sku: string) => string {
  const own = at.counters.keyOf(promotion, budget.per);
  const place = placeOf(promotion, budget);
  const key = place === undefined ? own : `${own}|at:${place}`;
  return (sku) => (budget.perSku ? `${key}|sku:${sku}` : key);
}

/** The place whose terms have a budget of their own; `undefined` for the one of all places. */
function placeOf(promotion: NormalPromotion, budget: Budget): string | undefined {
  const usual = promotion.body.limits.budget;
  if (budget === usual || (usual !== undefined && isSameBudget(budget, usual))) return undefined;
  return promotion.variants.find((variant) => variant.body.limits.budget === budget)?.place;
}

function isSameBudget(one: Budget, other: Budget): boolean {
  return (
    one.uses === other.uses &&
    one.units === other.units &&
    one.discount === other.discount &&
    one.points === other.points &&
    one.per === other.per &&
    one.perSku === other.perSku &&
    one.partial === other.partial
  );
}

/** Whether limits leave room for one more use at all. */
export function usageVerdict(
  promotion: NormalPromotion,
  body: PromotionBody,
  at: Case,
): Reason | undefined {
  const { perMember, budget } = body.limits;
  if (perMember !== undefined) {
    if (at.input.member === undefined) return 'member-required';
    const used = at.input.usage.member(at.counters.keyOf(promotion, perMember.per)) ?? UNUSED;
    if (isSpent(perMember.uses, used.uses)) return 'member-limit-reached';
    if (isSpent(perMember.units, used.units)) return 'member-limit-reached';
  }
  if (budget === undefined) return undefined;
  const keyOf = budgetKey(promotion, budget, at);
  const skus = budget.perSku ? at.lines.map((line) => line.sku) : [''];
  let why: Reason | undefined;
  for (const sku of skus) {
    why = whySpent(budget, keyOf(sku), at);
    if (why === undefined) return undefined;
  }
  return why;
}

function isSpent(limit: number | undefined, used: number): boolean {
  return limit !== undefined && used >= limit;
}

function whySpent(budget: Budget, key: string, at: Case): Reason | undefined {
  const left = at.input.usage.budget(key, budget);
  const isGone =
    (budget.uses !== undefined && left.uses <= 0) ||
    (budget.units !== undefined && left.units <= 0) ||
    (budget.discount !== undefined && left.discount <= 0) ||
    (budget.points !== undefined && left.points <= 0);
  return isGone ? left.why : undefined;
}

/** True when no unit of an article may have the promotion any more, however few are left. */
export function isSkuSpent(
  promotion: NormalPromotion,
  of: { readonly budget: Budget; readonly sku: string },
  at: Case,
): boolean {
  const key = budgetKey(promotion, of.budget, at)(of.sku);
  return whySpent(of.budget, key, at) !== undefined;
}

/** What is left of a budget for a sku. `undefined` = unlimited. */
export function budgetLeft(
  promotion: NormalPromotion,
  what: {
    readonly budget: Budget;
    readonly of: 'discount' | 'points' | 'units';
    readonly sku: string;
  },
  at: Case,
): number | undefined {
  if (what.budget[what.of] === undefined) return undefined;
  const key = budgetKey(promotion, what.budget, at)(what.sku);
  return Math.max(0, at.input.usage.budget(key, what.budget)[what.of]);
}

/** Units the member may still buy at the promotion's terms. `undefined` = unlimited. */
export function memberUnitsLeft(
  promotion: NormalPromotion,
  body: PromotionBody,
  at: Case,
): number | undefined {
  const { perMember } = body.limits;
  if (perMember?.units === undefined) return undefined;
  const used = at.input.usage.member(at.counters.keyOf(promotion, perMember.per)) ?? UNUSED;
  return Math.max(0, perMember.units - used.units);
}
