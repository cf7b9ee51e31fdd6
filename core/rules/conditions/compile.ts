import { must, unreachable } from '../../assert.ts';
import type { Condition, FactCondition, Scalar, Test } from '../condition.ts';
import type { Facts, LineFacts, Predicate, Verdict } from '../facts.ts';
import type { FactValue } from './definition.ts';
import { isInside } from './geo.ts';
import { asPoint } from './holds.ts';
import { findFact, findLineFact } from './list.ts';

/** A line scope's condition, compiled. */
export type LinePredicate = (line: LineFacts) => Verdict;

/**
 * Conditions become closures: everything that can be decided now is decided now, and operator
 * text only ever becomes a value to compare with. Never source code.
 */
export function compileCondition(condition: Condition): Predicate {
  return compile(condition, compileFact);
}

export function compileLineCondition(condition: Condition): LinePredicate {
  return compile(condition, compileLineFact);
}

function compile<F>(
  condition: Condition,
  leaf: (condition: FactCondition) => (facts: F) => Verdict,
): (facts: F) => Verdict {
  switch (condition.kind) {
    case 'always':
      return holdsAlways;
    case 'never':
      return failsAlways;
    case 'all':
      return compileAll(condition.parts.map((part) => compile(part, leaf)));
    case 'any':
      return compileAny(condition.parts.map((part) => compile(part, leaf)));
    case 'not': {
      const part = compile(condition.part, leaf);
      return (facts) => (part(facts) === undefined ? 'condition-false' : undefined);
    }
    case 'fact':
      return leaf(condition);
    default:
      return unreachable(condition);
  }
}

const holdsAlways = (): Verdict => undefined;
const failsAlways = (): Verdict => 'condition-false';

function compileAll<F>(parts: readonly ((facts: F) => Verdict)[]): (facts: F) => Verdict {
  return (facts) => {
    for (const part of parts) {
      const reason = part(facts);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

function compileAny<F>(parts: readonly ((facts: F) => Verdict)[]): (facts: F) => Verdict {
  return (facts) => {
    let first: Verdict;
    for (const part of parts) {
      const reason = part(facts);
      if (reason === undefined) return undefined;
      first ??= reason;
    }
    return first;
  };
}

function compileFact(condition: FactCondition): Predicate {
  const { definition, parameter } = must(findFact(condition.fact), `${condition.fact} is a fact`);
  const read = definition.reader(parameter);
  const passes = compileTest(condition.test);
  const missing = definition.missing ?? 'fact-missing';
  const isGeo = condition.test.operator === 'inside';

  return (facts: Facts) => {
    const value = read(facts);
    if (value === undefined) return isGeo && facts.missingGeo === 'pass' ? undefined : missing;
    return passes(value) ? undefined : 'condition-false';
  };
}

function compileLineFact(condition: FactCondition): LinePredicate {
  const frequent = compileFrequent(condition);
  if (frequent !== undefined) return frequent;
  const found = must(findLineFact(condition.fact), `${condition.fact} is a line fact`);
  const read = found.definition.reader(found.parameter);
  const passes = compileTest(condition.test);

  return (line) => {
    const value = read(line);
    if (value === undefined) return 'fact-missing';
    return passes(value) ? undefined : 'condition-false';
  };
}

/** What most line scopes ask, in one step: is it one of these articles, categories or flags? */
function compileFrequent({ fact, test }: FactCondition): LinePredicate | undefined {
  const values = namedBy(test);
  if (values === undefined) return undefined;
  const [only] = values;
  if (fact === 'sku') {
    if (values.size === 1) return ({ line }) => (line.sku === only ? undefined : 'condition-false');
    return ({ line }) => (values.has(line.sku) ? undefined : 'condition-false');
  }
  if (fact === 'category') return ({ line }) => hasOneOf(line.category, values);
  return fact === 'flags' ? ({ line }) => hasOneOf(line.flags, values) : undefined;
}

/** The values that a test names, one of which must be there. */
export function namedBy(test: Test): ReadonlySet<Scalar> | undefined {
  if (test.operator === 'is' || test.operator === 'has') return new Set([test.value]);
  return test.operator === 'in' ? new Set(test.values) : undefined;
}

function hasOneOf(given: readonly string[], values: ReadonlySet<Scalar>): Verdict {
  for (let at = 0; at < given.length; at += 1) {
    const one = given[at];
    if (one !== undefined && values.has(one)) return undefined;
  }
  return 'condition-false';
}

function compileTest(test: Test): (value: FactValue) => boolean {
  if (test.operator === 'inside') {
    return (value) => test.areas.some((area) => isInside(area, asPoint(value)));
  }
  const passes = compileScalarTest(test);
  return (value) => {
    if (typeof value !== 'object') return passes(value);
    return someValue(value, passes);
  };
}

function someValue(value: object, passes: (value: Scalar) => boolean): boolean {
  // Facts with many values hold strings or numbers only; see `FactValue`.
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) if (passes(value[at] as Scalar)) return true;
    return false;
  }
  if (!(value instanceof Set)) return false;
  for (const one of value as Iterable<Scalar>) if (passes(one)) return true;
  return false;
}

function compileScalarTest(
  test: Exclude<Test, { readonly operator: 'inside' }>,
): (value: Scalar) => boolean {
  switch (test.operator) {
    case 'is':
    case 'has':
      return (value) => value === test.value;
    case 'in': {
      const values = new Set(test.values);
      return (value) => values.has(value);
    }
    case 'atLeast':
      return (value) => typeof value === 'number' && value >= test.value;
    case 'atMost':
      return (value) => typeof value === 'number' && value <= test.value;
    case 'above':
      return (value) => typeof value === 'number' && value > test.value;
    case 'below':
      return (value) => typeof value === 'number' && value < test.value;
    case 'between':
      return (value) => typeof value === 'number' && value >= test.from && value <= test.to;
    case 'within':
      return (value) => typeof value === 'number' && value <= test.days;
    default:
      return unreachable(test);
  }
}
