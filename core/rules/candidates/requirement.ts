import type { Condition, Scalar } from '../condition.ts';

/**
 * Values of which a checkout must have one, or else the condition is false. `undefined` when
 * nothing can be said: then the promotion is a candidate whatever the value.
 */
export type Required = ReadonlySet<Scalar> | undefined;

/** What a condition requires of one fact. */
export function requiredBy(condition: Condition, fact: string): Required {
  switch (condition.kind) {
    case 'never':
      return new Set();
    case 'fact':
      return condition.fact === fact ? valuesOf(condition.test) : undefined;
    case 'all':
      return smallest(condition.parts.map((part) => requiredBy(part, fact)));
    case 'any':
      return union(condition.parts.map((part) => requiredBy(part, fact)));
    default:
      return undefined;
  }
}

function valuesOf(test: Extract<Condition, { kind: 'fact' }>['test']): Required {
  if (test.operator === 'is' || test.operator === 'has') return new Set([test.value]);
  return test.operator === 'in' ? new Set(test.values) : undefined;
}

/** All must hold: the smallest requirement says most. */
export function smallest(all: readonly Required[]): Required {
  let found: Required;
  for (const one of all) {
    if (one !== undefined && (found === undefined || one.size < found.size)) found = one;
  }
  return found;
}

/** One must hold: any of the values of any, if each requires something. */
export function union(any: readonly Required[]): Required {
  const values = new Set<Scalar>();
  for (const one of any) {
    if (one === undefined) return undefined;
    for (const value of one) values.add(value);
  }
  return values;
}
