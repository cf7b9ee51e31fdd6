import { must } from '../assert.ts';
import type { Condition, FactCondition, Test } from '../rules/condition.ts';
import type { FactValue } from '../rules/conditions/definition.ts';
import { interpretCondition } from '../rules/conditions/interpret.ts';
import { findFact } from '../rules/conditions/list.ts';
import type { Facts } from '../rules/facts.ts';
import type { NormalPromotion } from '../rules/normal.ts';
import { type Case, factsOf, openingState } from './interpret/case.ts';
import { bodyOf, eligibility } from './interpret/eligibility.ts';

/** Promotions told of in one explanation; a larger rule set is cut off. */
const PROMOTIONS_MAX = 5_000;

/** One test of a condition: what was asked, what was found, and whether that passes. */
export interface ExplainedCondition {
  readonly fact: string;
  readonly test: Test;
  /** As the fact is counted: minor units, thousandths, steps; absent when it is missing. */
  readonly value?: Exclude<FactValue, ReadonlySet<string>>;
  readonly holds: boolean;
}

/** Whether a promotion was eligible at the prices before any benefit, and by what. */
export interface ExplainedPromotion {
  readonly promotion: string;
  readonly isEligible: boolean;
  /** Why it is not. */
  readonly reason?: string;
  /** Every test of its conditions, in their order; those under a `not` as they stand there. */
  readonly conditions: readonly ExplainedCondition[];
}

/** The first section of an explanation: which promotions may take part at all. */
export function explainEligibility(at: Case): readonly ExplainedPromotion[] {
  const facts = factsOf(at, openingState(at));
  return at.rules.promotions
    .slice(0, PROMOTIONS_MAX)
    .map((promotion) => explainPromotion(promotion, facts, at));
}

function explainPromotion(promotion: NormalPromotion, facts: Facts, at: Case): ExplainedPromotion {
  const reason = eligibility(promotion, facts, at);
  return {
    promotion: promotion.id,
    isEligible: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    conditions: testsIn(bodyOf(promotion, at).when).map((leaf) => explainTest(leaf, facts)),
  };
}

function testsIn(condition: Condition): readonly FactCondition[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.parts.flatMap(testsIn);
    case 'not':
      return testsIn(condition.part);
    case 'fact':
      return [condition];
    default:
      return [];
  }
}

function explainTest(leaf: FactCondition, facts: Facts): ExplainedCondition {
  const { definition, parameter } = must(findFact(leaf.fact), `${leaf.fact} is a fact`);
  const value = definition.reader(parameter)(facts);
  return {
    fact: leaf.fact,
    test: leaf.test,
    ...(value === undefined ? {} : { value: isSet(value) ? [...value] : value }),
    holds: interpretCondition(leaf, facts) === undefined,
  };
}

function isSet(value: FactValue): value is ReadonlySet<string> {
  return value instanceof Set;
}
