import type { DocumentPromotion } from '../document/promotion.ts';
import type { DocumentGroup, DocumentNode } from '../document/tree.ts';
import type {
  ArbitrationNode,
  DormantPromotion,
  GroupNode,
  NormalPromotion,
  NormalRuleSet,
} from '../normal.ts';
import { DEFAULT_HIERARCHY } from '../normal.ts';
import {
  normalNodeLimits,
  normalPromotion,
  type PromotionContext,
  stackingOf,
} from './promotion.ts';

type Tree = Pick<NormalRuleSet, 'root' | 'promotions' | 'dormant'>;

/** What the walk over the tree collects. */
interface Walk {
  readonly context: PromotionContext;
  readonly promotions: NormalPromotion[];
  readonly dormant: DormantPromotion[];
}

/** The tree in the order of evaluation, without what cannot apply. */
export function normalTree(root: DocumentGroup | undefined, context: PromotionContext): Tree {
  const walk: Walk = { context, promotions: [], dormant: [] };
  const normal = normalGroup(root ?? EMPTY_ROOT, { depth: 0, active: true }, walk);
  return { root: { ...normal, id: 'main' }, promotions: walk.promotions, dormant: walk.dormant };
}

const EMPTY_ROOT: DocumentGroup = {
  kind: 'group',
  id: 'main',
  path: '/arbitration',
  title: undefined,
  description: undefined,
  state: 'active',
  mode: 'sequential',
  scope: 'order',
  combine: 'any',
  orderBy: 'priority',
  decides: 'per-level',
  limits: undefined,
  children: [],
};

interface Position {
  readonly depth: number;
  /** False below a group that is switched off. */
  readonly active: boolean;
}

function normalGroup(group: DocumentGroup, { depth, active }: Position, walk: Walk): GroupNode {
  const from = walk.promotions.length;
  const inside = { depth: depth + 1, active: active && group.state === 'active' };
  const children = listed(group, walk.context).flatMap((child) => normalNode(child, inside, walk));
  return {
    kind: 'group',
    id: group.id,
    depth,
    mode: group.mode,
    // Only one mode looks at each of these; the others get the default, so that they are equal.
    scope: group.mode === 'max' ? group.scope : 'order',
    combine: group.mode === 'max' ? group.combine : 'any',
    decides: group.mode === 'exclusive' ? group.decides : 'per-level',
    // Maximum benefit compares what could be built, whoever was asked for first.
    orderBy: group.mode === 'max' ? undefined : dynamicOrder(group),
    limits: normalNodeLimits(group.limits),
    children,
    from,
    to: walk.promotions.length,
  };
}

/** Law: a group with nothing in it, and a promotion that is not active, are not there. */
function normalNode(
  node: DocumentNode,
  position: Position,
  walk: Walk,
): readonly ArbitrationNode[] {
  if (node.kind === 'group') {
    const group = normalGroup(node, position, walk);
    return group.children.length === 0 ? [] : [group];
  }
  if (node.state !== 'active' || !position.active) {
    const state = node.state === 'active' ? 'inactive' : node.state;
    walk.dormant.push({ id: node.promotion, type: node.type, state });
    return [];
  }
  const promotion = { ...normalPromotion(node, walk.context), position: walk.promotions.length };
  walk.promotions.push(promotion);
  return [{ kind: 'promotion', promotion }];
}

/** An order that also looks at the codes of the checkout. */
function dynamicOrder({ orderBy }: DocumentGroup): GroupNode['orderBy'] {
  return orderBy === 'requested' || orderBy === 'hierarchy' ? orderBy : undefined;
}

/** Law: a higher priority goes first, where it counts; without one, the order of the document. */
function listed(
  { children, orderBy }: DocumentGroup,
  { categories }: PromotionContext,
): readonly DocumentNode[] {
  if (orderBy === 'position') return children;
  const priority = (node: DocumentNode) => (node.kind === 'group' ? 0 : priorityOf(node));
  const byPriority = children.toSorted((left, right) => priority(right) - priority(left));
  if (orderBy !== 'hierarchy') return byPriority;
  const hierarchies = new Map(children.map((each) => [each, hierarchyOf(each, categories)]));
  const hierarchy = (node: DocumentNode) => hierarchies.get(node) ?? DEFAULT_HIERARCHY;
  return byPriority.toSorted((left, right) => hierarchy(left) - hierarchy(right));
}

/** A group stands where the first of its active promotions would. */
function hierarchyOf(node: DocumentNode, categories: PromotionContext['categories']): number {
  if (node.state !== 'active') return Number.POSITIVE_INFINITY;
  if (node.kind === 'promotion') {
    return categories.get(stackingOf(node).category)?.hierarchy ?? DEFAULT_HIERARCHY;
  }
  const inside = node.children.map((child) => hierarchyOf(child, categories));
  return inside.reduce((first, one) => Math.min(first, one), Number.POSITIVE_INFINITY);
}

function priorityOf(promotion: DocumentPromotion): number {
  return stackingOf(promotion).priority;
}
