import { hierarchyOf } from '../../rules/categories.ts';
import type { ArbitrationNode, GroupNode, NormalPromotion } from '../../rules/normal.ts';
import { requiredCodes } from '../codes.ts';
import { type Case, promotionsOf } from './case.ts';
import { bodyOf } from './eligibility.ts';

/**
 * The order of evaluation for one checkout (001-10). Children stand as the rule set lists them,
 * but where a group goes by request, those that the checkout asks for by code go first, in the
 * order in which it presents the codes; where it goes by hierarchy, first of those whose
 * categories have one hierarchy.
 */

/** A group with its children in their order for this checkout. */
export function inOrder(group: GroupNode, at: Case): GroupNode {
  const { codes } = at.input.checkout;
  if (group.orderBy === undefined || codes.length === 0) return group;
  const ranks = new Map(group.children.map((child) => [child, rankOf(child, at)]));
  const rank = (child: ArbitrationNode) => ranks.get(child) ?? codes.length;
  const hierarchy = (child: ArbitrationNode) =>
    group.orderBy === 'hierarchy' ? hierarchyOf(child, at.rules) : 0;
  const children = group.children.toSorted(
    (left, right) => hierarchy(left) - hierarchy(right) || rank(left) - rank(right),
  );
  return { ...group, children };
}

/** The place of the first presented code that anything of a node asks for. */
function rankOf(node: ArbitrationNode, at: Case): number {
  const { codes } = at.input.checkout;
  const promotions = node.kind === 'promotion' ? [node.promotion] : promotionsOf(at, node);
  const asked = new Set(promotions.flatMap((one) => requiredCodes(bodyOf(one, at).when)));
  const first = codes.findIndex((code) => asked.has(code));
  return first < 0 ? codes.length : first;
}

/** All promotions in their order of evaluation for this checkout. */
export function promotionsInOrder(at: Case, group = at.rules.root): readonly NormalPromotion[] {
  return inOrder(group, at).children.flatMap((child) =>
    child.kind === 'group' ? promotionsInOrder(at, child) : [child.promotion],
  );
}
