import type { Condition } from '../rules/condition.ts';

/** The codes that a condition asks for, anywhere in it but under a `not`. */
export function requiredCodes(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.parts.flatMap(requiredCodes);
    case 'fact':
      return condition.fact === 'codes' ? namedBy(condition.test) : [];
    default:
      return [];
  }
}

function namedBy(test: Extract<Condition, { kind: 'fact' }>['test']): readonly string[] {
  if (test.operator === 'is' || test.operator === 'has') return [String(test.value)];
  if (test.operator === 'in') return test.values.map(String);
  return [];
}
