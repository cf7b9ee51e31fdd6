import { must, unreachable } from '../../assert.ts';
import type { Condition, FactCondition } from '../condition.ts';
import type { Facts, LineFacts, Verdict } from '../facts.ts';
import type { FactValue } from './definition.ts';
import { holds } from './holds.ts';
import { findFact, findLineFact } from './list.ts';

/** What a leaf of a condition means; the rest is the same for checkouts and for lines. */
type Leaf = (condition: FactCondition) => Verdict;

/** The specification of conditions: slow and obvious. `compile.ts` must agree with it. */
export function interpretCondition(condition: Condition, facts: Facts): Verdict {
  return interpret(condition, (leaf) => {
    const { definition, parameter } = must(findFact(leaf.fact), `${leaf.fact} is a fact`);
    const value = definition.reader(parameter)(facts);
    if (value === undefined) {
      const passes = leaf.test.operator === 'inside' && facts.missingGeo === 'pass';
      return passes ? undefined : (definition.missing ?? 'fact-missing');
    }
    return verdict(leaf, value);
  });
}

/** The same for a line scope, over the facts of one line. */
export function interpretLineCondition(condition: Condition, line: LineFacts): Verdict {
  return interpret(condition, (leaf) => {
    const { definition, parameter } = must(findLineFact(leaf.fact), `${leaf.fact} is a line fact`);
    const value = definition.reader(parameter)(line);
    return value === undefined ? 'fact-missing' : verdict(leaf, value);
  });
}

function verdict(leaf: FactCondition, value: FactValue): Verdict {
  return holds(leaf.test, value) ? undefined : 'condition-false';
}

function interpret(condition: Condition, leaf: Leaf): Verdict {
  switch (condition.kind) {
    case 'always':
      return undefined;
    case 'never':
      return 'condition-false';
    case 'all':
      return firstReason(condition.parts.map((part) => interpret(part, leaf)));
    case 'any': {
      const verdicts = condition.parts.map((part) => interpret(part, leaf));
      return verdicts.includes(undefined) ? undefined : firstReason(verdicts);
    }
    case 'not':
      return interpret(condition.part, leaf) === undefined ? 'condition-false' : undefined;
    case 'fact':
      return leaf(condition);
    default:
      return unreachable(condition);
  }
}

function firstReason(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find((one) => one !== undefined);
}
