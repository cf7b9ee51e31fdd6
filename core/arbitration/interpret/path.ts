import type { GroupNode, NormalPromotion, NormalRuleSet } from '../../rules/normal.ts';
import { floorsWith } from './caps.ts';
import type { Case } from './case.ts';
import { isWithin } from './stacking.ts';

/** The groups around a promotion, main arbitration first. */
export function groupsAround(
  rules: NormalRuleSet,
  promotion: NormalPromotion,
): readonly GroupNode[] {
  const path: GroupNode[] = [];
  let group: GroupNode | undefined = rules.root;
  while (group !== undefined) {
    path.push(group);
    group = group.children.find(
      (child): child is GroupNode => child.kind === 'group' && isWithin(promotion, child),
    );
  }
  return path;
}

/** Whether all groups around a promotion combine what their children do. */
export function isAlwaysCombined(rules: NormalRuleSet, promotion: NormalPromotion): boolean {
  return groupsAround(rules, promotion).every(
    ({ mode }) => mode === 'sequential' || mode === 'sum',
  );
}

/** The floors that a promotion meets in its place of the tree, without its own. */
export function floorsAbove(at: Case, promotion: NormalPromotion): readonly number[] {
  const none: readonly number[] = [...at.lines.map(() => 0), 0];
  return groupsAround(at.rules, promotion).reduce(
    (floors, { limits }) => floorsWith(floors, limits, at.lines),
    none,
  );
}
