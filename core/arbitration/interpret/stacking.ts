import type { ArbitrationNode, GroupNode, NormalPromotion } from '../../rules/normal.ts';
import type { Reason } from '../reasons.ts';
import type { Case } from './case.ts';
import type { Effect, State } from './state.ts';

/**
 * Which promotions may stand beside which. `never` goes with nobody but `always`; a category of
 * the programme's own may have a limit; an exclusive promotion wants its group for itself.
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
  if (!others.every((other) => areCompatible(promotion, other))) return 'not-stackable';
  return categoryVerdict(promotion, others, at);
}

/** The promotions that have applied, each once, in order. */
export function appliedPromotions(effects: readonly Effect[]): readonly NormalPromotion[] {
  return [...new Set(effects.map((effect) => effect.promotion))];
}

function areCompatible(one: NormalPromotion, two: NormalPromotion): boolean {
  const categories = [one.stacking.category, two.stacking.category];
  return !categories.includes('never') || categories.includes('always');
}

function categoryVerdict(
  { stacking }: NormalPromotion,
  others: readonly NormalPromotion[],
  { rules }: Case,
): Reason | undefined {
  const limit = rules.categories.find((one) => one.id === stacking.category)?.limit;
  if (limit === undefined) return undefined;
  const same = others.filter((other) => other.stacking.category === stacking.category);
  return same.length >= limit ? 'category-limit-reached' : undefined;
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
