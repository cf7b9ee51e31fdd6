import {
  categoryOf,
  goTogether,
  limitOf,
  neversAllowed,
  type StackingRules,
} from '../../rules/categories.ts';
import type { ArbitrationNode, GroupNode, NormalPromotion } from '../../rules/normal.ts';
import type { Reason } from '../reasons.ts';
import type { Case } from './case.ts';
import type { Effect, State } from './state.ts';

/**
 * Which promotions may stand beside which: by the categories of both, and by how many of one have
 * applied. An exclusive promotion wants its group for itself.
 */

/** Why a promotion may not join those that have applied; `undefined` when it may. */
export function admission(
  promotion: NormalPromotion,
  { effects }: State,
  at: Case,
): string | undefined {
  const suppressed = at.suppressed.get(promotion);
  if (suppressed !== undefined) return suppressed;
  const others = appliedPromotions(effects).filter((one) => one !== promotion);
  if (!others.every((other) => areCompatible(promotion, other, at.rules))) return 'not-stackable';
  return countVerdict(promotion, others, at.rules);
}

/** The promotions that have applied, each once, in order. */
export function appliedPromotions(effects: readonly Effect[]): readonly NormalPromotion[] {
  return [...new Set(effects.map((effect) => effect.promotion))];
}

/** Whether two promotions may apply to one checkout at all. */
export function areCompatible(
  one: NormalPromotion,
  two: NormalPromotion,
  rules: StackingRules,
): boolean {
  const [first, second] = [one, two].map(({ stacking }) => categoryOf(stacking.category, rules));
  return first === undefined || second === undefined || goTogether(first, second, rules);
}

function countVerdict(
  { stacking }: NormalPromotion,
  others: readonly NormalPromotion[],
  rules: StackingRules,
): Reason | undefined {
  const own = categoryOf(stacking.category, rules);
  const categories = others.map((other) => categoryOf(other.stacking.category, rules));
  const nevers = categories.filter(({ eligibility }) => eligibility === 'never');
  if (own.eligibility === 'never' && nevers.length >= neversAllowed(rules)) return 'not-stackable';
  const limit = limitOf(own, rules);
  const same = categories.filter(({ id }) => id === own.id);
  return limit !== undefined && same.length >= limit ? 'category-limit-reached' : undefined;
}

/** Whether any promotion of a node has applied. */
export function hasApplied(node: ArbitrationNode, effects: readonly Effect[]): boolean {
  return effects.some(({ promotion }) => isWithin(promotion, node));
}

/** Whether a promotion is or is below a node. */
export function isWithin({ position }: NormalPromotion, node: ArbitrationNode): boolean {
  if (node.kind === 'promotion') return node.promotion.position === position;
  return node.from <= position && position < node.to;
}

/**
 * The child that takes its group for itself: the first exclusive promotion that has an effect
 * where none of its siblings has applied before. `tries` tells whether it has one.
 */
export function exclusiveChild(
  { children }: GroupNode,
  { effects }: State,
  tries: (child: ArbitrationNode) => boolean,
): ArbitrationNode | undefined {
  const exclusives = children.filter(
    (child) => child.kind === 'promotion' && child.promotion.stacking.exclusive,
  );
  return exclusives.find((child) => {
    const siblings = children.filter((other) => other !== child);
    if (siblings.some((sibling) => hasApplied(sibling, effects))) return false;
    return hasApplied(child, effects) || tries(child);
  });
}
