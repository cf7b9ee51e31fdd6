import { CORNERS_PER_COST, cornersOf, costOfFact, RANKING_COST } from '../cost.ts';
import { type Problems, quoted } from '../diagnostic.ts';
import type { DocumentBody, DocumentPromotion } from '../document/promotion.ts';
import type { DocumentNode } from '../document/tree.ts';
import type { RuleSetDocument } from '../document.ts';
import {
  bodiesOf,
  type DocumentFact,
  factsOf,
  factsOfBody,
  promotionsBelow,
  scopesOf,
} from '../walk.ts';

/** Groups inside groups, main arbitration not counted (003-66). */
export const GROUP_DEPTH_MAX = 9;
/** Promotions of one rule set. */
export const PROMOTIONS_MAX = 20_000;
/** Static cost of one promotion's conditions; about a thousand simple tests. */
export const PROMOTION_COST_MAX = 1_000;
/** Static cost of a whole rule set, if every promotion were a candidate at once. */
export const RULE_SET_COST_MAX = 2_000_000;

/** What evaluating a rule set may cost is bounded before it ever runs. */
export function checkBounds(document: RuleSetDocument, problems: Problems): void {
  if (document.arbitration === undefined) return;
  checkDepth(document.arbitration, 0, problems);

  const promotions = [...promotionsBelow(document.arbitration)];
  if (promotions.length > PROMOTIONS_MAX) {
    problems.error({
      code: 'too-many-promotions',
      path: '/arbitration',
      message: `there are ${promotions.length} promotions`,
      hint: `keep at most ${PROMOTIONS_MAX}; remove those that have ended`,
    });
  }
  const categories = new Map(
    (document.program?.categories ?? []).map(({ id, when }) => [id, costOfFacts(factsOf(when))]),
  );
  const costs = promotions.map((promotion) => {
    const shared = categories.get(promotion.stacking?.category ?? '') ?? 0;
    return checkCost(promotion, shared, problems);
  });
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  if (total <= RULE_SET_COST_MAX) return;
  problems.error({
    code: 'too-costly',
    path: '/arbitration',
    message: `the conditions cost ${total} together`,
    hint: `simplify them to at most ${RULE_SET_COST_MAX}`,
  });
}

function checkDepth(node: DocumentNode, depth: number, problems: Problems): void {
  if (node.kind === 'promotion') return;
  if (depth > GROUP_DEPTH_MAX) {
    problems.error({
      code: 'nesting-too-deep',
      path: node.path,
      message: `the group ${quoted(node.id)} is at level ${depth}`,
      hint: `groups nest to ${GROUP_DEPTH_MAX} levels; move it up`,
    });
    return;
  }
  for (const child of node.children) checkDepth(child, depth + 1, problems);
}

function checkCost(promotion: DocumentPromotion, shared: number, problems: Problems): number {
  const cost = shared + Math.max(...bodiesOf(promotion).map(costOf));
  if (cost > PROMOTION_COST_MAX) {
    problems.error({
      code: 'too-costly',
      path: promotion.path,
      message: `the conditions of ${quoted(promotion.promotion)} cost ${cost}`,
      hint: `simplify them to at most ${PROMOTION_COST_MAX}`,
    });
  }
  return cost;
}

/** Relative effort of deciding whether a body applies, if everything has to be looked at. */
function costOf(body: DocumentBody): number {
  const cost = 1 + costOfFacts(factsOfBody(body));
  const counting = scopesOf(body).filter(
    ({ ranking, bundle }) => ranking !== undefined || bundle.length > 0,
  );
  return cost + counting.length * RANKING_COST;
}

function costOfFacts(facts: Iterable<DocumentFact>): number {
  let cost = 0;
  for (const { fact, test } of facts) {
    cost += costOfFact(fact);
    if (test.operator === 'inside') cost += Math.ceil(cornersOf(test.areas) / CORNERS_PER_COST);
  }
  return cost;
}
