import type { LineScope } from '../condition.ts';
import type { DocumentLines } from '../document/lines.ts';
import { type ConditionContext, joined, normalCondition } from './conditions.ts';

/** The scopes as a chain of steps; a step that only filters joins the one after it. */
export function normalLines(
  scopes: readonly (DocumentLines | undefined)[],
  context: ConditionContext,
): readonly LineScope[] {
  const chain: LineScope[] = [];
  for (const scope of scopes) {
    if (scope === undefined) continue;
    const { where, ranking, bundle } = scope;
    const step: LineScope = { where: normalCondition(where, context), ranking, bundle };
    const before = chain.at(-1);
    if (before !== undefined && onlyFilters(before)) {
      chain[chain.length - 1] = { ...step, where: joined('all', [before.where, step.where]) };
    } else {
      chain.push(step);
    }
  }
  return chain.filter((step) => !onlyFilters(step) || step.where.kind !== 'always');
}

function onlyFilters(scope: LineScope): boolean {
  return scope.ranking === undefined && scope.bundle.length === 0;
}
