import { categoryOf, limitOf, type StackingRules } from '../../rules/categories.ts';
import type { ArbitrationNode } from '../../rules/normal.ts';
import { areCompatible } from '../interpret/stacking.ts';
import type { Quota } from './bound.ts';

/**
 * Which children can never act side by side. A subset with two of them does what it does without
 * one of the two, so the search need not look at it.
 */

type Node = ArbitrationNode | undefined;

/** Whether one of two children always keeps the other from acting. */
export function areRivals(one: Node, two: Node, rules: StackingRules): boolean {
  if (one?.kind !== 'promotion' || two?.kind !== 'promotion') return false;
  const [first, second] = [one.promotion, two.promotion].sort((a, b) => a.position - b.position);
  if (first === undefined || second === undefined) return false;
  return first.stacking.stopAfter || !areCompatible(first, second, rules);
}

/** The limit of a child's own category. */
export function quotaOf(node: Node, rules: StackingRules): Quota | undefined {
  if (node?.kind !== 'promotion') return undefined;
  const { category } = node.promotion.stacking;
  const limit = limitOf(categoryOf(category, rules), rules);
  return limit === undefined ? undefined : { category, limit };
}
