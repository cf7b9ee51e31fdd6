import type { Condition, FactCondition } from '../condition.ts';

/** Facts that the place of a checkout decides. */
export const PLACE_FACTS: readonly string[] = ['store', 'region'];

/** The places that a condition names. */
export function regionLiterals(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.parts.flatMap(regionLiterals);
    case 'not':
      return regionLiterals(condition.part);
    case 'fact':
      return PLACE_FACTS.includes(condition.fact) ? namesIn(condition) : [];
    default:
      return [];
  }
}

function namesIn({ test }: FactCondition): readonly string[] {
  if (test.operator === 'is' || test.operator === 'has') return [String(test.value)];
  return test.operator === 'in' ? test.values.map(String) : [];
}
