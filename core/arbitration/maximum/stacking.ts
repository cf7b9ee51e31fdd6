import type { ArbitrationNode, NormalPromotion, StackingCategory } from '../../rules/normal.ts';
import type { Quota } from './bound.ts';

/**
 * Which children can never act side by side. A subset with two of them does what it does without
 * one of the two, so the search need not look at it.
 */

type Node = ArbitrationNode | undefined;

/** Whether one of two children always keeps the other from acting. */
export function areRivals(one: Node, two: Node): boolean {
  if (one?.kind !== 'promotion' || two?.kind !== 'promotion') return false;
  const [first, second] = [one.promotion, two.promotion].sort((a, b) => a.position - b.position);
  if (first === undefined || second === undefined) return false;
  const categories = [first.stacking.category, second.stacking.category];
  const neverTogether = categories.includes('never') && !categories.includes('always');
  return neverTogether || first.stacking.stopAfter;
}

/** The limit of a child's own category. */
export function quotaOf(node: Node, categories: readonly StackingCategory[]): Quota | undefined {
  if (node?.kind !== 'promotion') return undefined;
  const { category }: NormalPromotion['stacking'] = node.promotion.stacking;
  const limit = categories.find(({ id }) => id === category)?.limit;
  return limit === undefined ? undefined : { category, limit };
}
