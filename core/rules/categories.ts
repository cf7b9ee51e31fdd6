import {
  type ArbitrationNode,
  DEFAULT_HIERARCHY,
  type NormalRuleSet,
  type StackingCategory,
  type StackingEligibility,
} from './normal.ts';

/** What the rules of stacking are read from. */
export type StackingRules = Pick<NormalRuleSet, 'categories' | 'settings'>;

/** A category of the programme's own, or a built-in one, which states nothing but its name. */
export function categoryOf(
  id: string,
  { categories }: Pick<StackingRules, 'categories'>,
): StackingCategory {
  return categories.find((one) => one.id === id) ?? builtIn(id);
}

function builtIn(id: string): StackingCategory {
  const eligibility: StackingEligibility = id === 'never' || id === 'always' ? id : 'common';
  return {
    id,
    eligibility,
    excludes: [],
    limit: undefined,
    hierarchy: DEFAULT_HIERARCHY,
    calculation: undefined,
  };
}

/** Never stackable promotions that one checkout may have. */
export function neversAllowed({ settings }: Pick<StackingRules, 'settings'>): number {
  return settings.neverStackable ?? 1;
}

/**
 * The compatibility of two categories, the same seen from either (001-12). `always` goes with all;
 * `never` only with `always`, and with its own kind where the programme lets there be several.
 */
export function goTogether(
  one: StackingCategory,
  two: StackingCategory,
  rules: Pick<StackingRules, 'settings'>,
): boolean {
  const kinds = [one.eligibility, two.eligibility];
  if (kinds.includes('always')) return true;
  if (one.excludes.includes(two.id) || two.excludes.includes(one.id)) return false;
  if (!kinds.includes('never')) return true;
  return kinds.every((kind) => kind === 'never') && neversAllowed(rules) > 1;
}

/** How many promotions of a category may apply to one checkout; `undefined`: any number. */
export function limitOf(
  { eligibility, limit }: StackingCategory,
  { settings }: Pick<StackingRules, 'settings'>,
): number | undefined {
  const most = eligibility === 'never' ? settings.neverStackablePerCategory : undefined;
  if (most === undefined || limit === undefined) return most ?? limit;
  return Math.min(most, limit);
}

/** Where a node stands in a group that goes by hierarchy: as the first of its promotions. */
export function hierarchyOf(
  node: ArbitrationNode,
  rules: Pick<StackingRules, 'categories'>,
): number {
  if (node.kind === 'promotion') {
    return categoryOf(node.promotion.stacking.category, rules).hierarchy;
  }
  const inside = node.children.map((child) => hierarchyOf(child, rules));
  return inside.reduce((first, one) => Math.min(first, one), Number.POSITIVE_INFINITY);
}
