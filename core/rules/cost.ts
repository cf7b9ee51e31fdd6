import type { Area, Condition, LineScope } from './condition.ts';
import { findFact, findLineFact } from './conditions/list.ts';
import type { PromotionBody } from './normal.ts';

/** Relative effort of ranking or bundling lines. */
export const RANKING_COST = 10;
/** Corners of a polygon per unit of cost. */
export const CORNERS_PER_COST = 10;

/** Relative effort of a condition if everything in it has to be looked at. */
export function costOfCondition(condition: Condition): number {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return 0;
    case 'all':
    case 'any':
      return condition.parts.reduce((sum, part) => sum + costOfCondition(part), 0);
    case 'not':
      return costOfCondition(condition.part);
    case 'fact': {
      const { test } = condition;
      const area = test.operator === 'inside' ? cornersOf(test.areas) / CORNERS_PER_COST : 0;
      return costOfFact(condition.fact) + Math.ceil(area);
    }
  }
}

/** Relative effort of reading one fact. */
export function costOfFact(fact: string): number {
  return (findFact(fact) ?? findLineFact(fact))?.definition.cost ?? 1;
}

/** Corners of areas; a circle counts as one. */
export function cornersOf(areas: readonly Area[]): number {
  return areas.reduce((sum, area) => sum + (area.kind === 'polygon' ? area.points.length : 1), 0);
}

/** Relative effort of deciding whether a body applies. The static bound is over this. */
export function costOfBody(body: PromotionBody): number {
  const chains = [body.lines, ...body.benefits.map(({ lines }) => lines)];
  const scopes = chains.flat().reduce((sum, scope) => sum + costOfScope(scope), 0);
  return 1 + costOfCondition(body.when) + scopes;
}

function costOfScope({ where, ranking, bundle }: LineScope): number {
  const counting = ranking !== undefined || bundle.length > 0 ? RANKING_COST : 0;
  return costOfCondition(where) + counting;
}
