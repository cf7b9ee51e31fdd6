import type { Condition, FactCondition, Test } from '../condition.ts';
import { findFact } from '../conditions/list.ts';

/** True when a condition can be seen never to hold. Careful: false only means "not seen". */
export function contradicts(condition: Condition): boolean {
  if (condition.kind === 'never') return true;
  if (condition.kind === 'any') return condition.parts.every(contradicts);
  if (condition.kind !== 'all') return false;
  if (condition.parts.some(contradicts)) return true;
  const byFact = Map.groupBy(
    condition.parts.filter((part) => part.kind === 'fact').filter(hasOneValue),
    ({ fact }) => fact,
  );
  return [...byFact.values()].some((leaves) => excludeEachOther(leaves.map(({ test }) => test)));
}

/** Facts with many values may pass two tests by two of them. */
function hasOneValue({ fact }: FactCondition): boolean {
  return findFact(fact)?.definition.many === false;
}

function excludeEachOther(tests: readonly Test[]): boolean {
  const lists = tests.flatMap((test) => {
    if (test.operator === 'is') return [[test.value]];
    return test.operator === 'in' ? [test.values] : [];
  });
  const [first, ...others] = lists;
  if (first !== undefined) {
    const common = first.filter((value) => others.every((list) => list.includes(value)));
    if (common.length === 0) return true;
  }
  const low = Math.max(...tests.map(lowest));
  const high = Math.min(...tests.map(highest));
  const strict = tests.some(({ operator }) => operator === 'above' || operator === 'below');
  return low > high || (low === high && strict);
}

function lowest(test: Test): number {
  if (test.operator === 'atLeast' || test.operator === 'above') return test.value;
  return test.operator === 'between' ? test.from : Number.NEGATIVE_INFINITY;
}

function highest(test: Test): number {
  if (test.operator === 'atMost' || test.operator === 'below') return test.value;
  return test.operator === 'between' ? test.to : Number.POSITIVE_INFINITY;
}
