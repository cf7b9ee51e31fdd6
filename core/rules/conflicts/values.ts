import type { Scalar } from '../condition.ts';
import type { FactType } from '../conditions/definition.ts';
import { holds } from '../conditions/holds.ts';
import { findFact, findLineFact } from '../conditions/list.ts';
import type { Literal } from './literals.ts';

/**
 * What a fact may be, so that some tests come true. Tests change their mind only at the values
 * that they name, so trying those, their neighbours and one value that nobody names is trying
 * everything: where none of them passes, nothing does.
 */

/** What is known of a fact when it has to be chosen. */
export interface Domain {
  readonly type: FactType;
  readonly many: boolean;
  /** False for what every checkout has, such as its total. */
  readonly canBeMissing: boolean;
}

const ALWAYS_THERE: readonly string[] = [
  'total.initial',
  'total.current',
  'quantity',
  'member.known',
  'line.price',
  'line.quantity',
  'line.total',
  'line.discounted',
  'line.sku',
];
const LINE_ALWAYS: readonly string[] = ['sku', 'price', 'quantity', 'total', 'discounted'];

export function domainOf(fact: string): Domain {
  const found = DOMAINS.get(fact) ?? madeDomain(fact);
  if (DOMAINS.size < DOMAINS_KEPT_MAX) DOMAINS.set(fact, found);
  return found;
}

/** Domains kept by name: families of facts have as many names as operators invent. */
const DOMAINS_KEPT_MAX = 10_000;
const DOMAINS = new Map<string, Domain>();
const LINE_DOMAINS = new Map<string, Domain>();

function madeDomain(fact: string): Domain {
  const definition = findFact(fact)?.definition;
  return {
    type: definition?.type ?? 'field',
    many: definition?.many ?? false,
    canBeMissing: !ALWAYS_THERE.includes(fact),
  };
}

/** The same for a fact of one line. */
export function lineDomainOf(fact: string): Domain {
  const found = LINE_DOMAINS.get(fact) ?? madeLineDomain(fact);
  if (LINE_DOMAINS.size < DOMAINS_KEPT_MAX) LINE_DOMAINS.set(fact, found);
  return found;
}

function madeLineDomain(fact: string): Domain {
  const definition = findLineFact(fact)?.definition;
  return {
    type: definition?.type ?? 'field',
    many: definition?.many ?? false,
    canBeMissing: !LINE_ALWAYS.includes(fact),
  };
}

/** A value that no rule set names. */
export const UNNAMED = 'something-else';
/** The farthest that a birthday can be away. */
const BIRTHDAY_DAYS_MAX = 183;
/** Values kept for one fact; more would only make more checkouts of the same kind. */
const CHOICES_MAX = 12;

/** The values of one fact that pass all tests, those of `hints` first. */
export function choicesFor(
  literals: readonly Literal[],
  type: FactType,
  hints: readonly Scalar[] = [],
): readonly Scalar[] {
  const passing: Scalar[] = [];
  for (const value of [...hints, ...representatives(literals, type)]) {
    if (passing.length === CHOICES_MAX) break;
    if (!isPossible(value, type) || passing.includes(value)) continue;
    if (literals.every((one) => holds(one.test, value) === one.holds)) passing.push(value);
  }
  return passing;
}

/** Whether a fact can be such that all tests come true; `undefined` when that cannot be told. */
export function canHold(literals: readonly Literal[], domain: Domain): boolean | undefined {
  const needed = literals.filter((one) => one.holds);
  if (needed.length === 0 && domain.canBeMissing) return true;
  if (literals.some(({ test }) => test.operator === 'inside')) return undefined;
  if (!domain.many) return choicesFor(literals, domain.type).length > 0;
  const refused = literals.filter((one) => !one.holds);
  return needed.every((one) => choicesFor([one, ...refused], domain.type).length > 0);
}

function representatives(literals: readonly Literal[], type: FactType): readonly Scalar[] {
  const lists = literals.filter((one) => one.holds).flatMap(({ test }) => namedBy(test));
  const [first, ...others] = lists;
  if (first !== undefined) {
    return others.reduce((least, list) => (list.length < least.length ? list : least), first);
  }
  if (type === 'flag') return [true, false];
  const named = literals.flatMap(({ test }) => constantsOf(test));
  const numbers = named.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const near = numbers.flatMap((value, at) => [
    value,
    value + 1,
    value - 1,
    (value + (numbers[at + 1] ?? value + 2)) / 2,
  ]);
  if (type === 'text' || type === 'tier') return [UNNAMED, ...named];
  if (type === 'field') return [...near, UNNAMED, 0, true, false, ...named];
  return [...near, ...near.map((value) => value + 1_000), 0];
}

function namedBy(test: Literal['test']): readonly (readonly Scalar[])[] {
  if (test.operator === 'is' || test.operator === 'has') return [[test.value]];
  return test.operator === 'in' ? [test.values] : [];
}

function constantsOf(test: Literal['test']): readonly Scalar[] {
  switch (test.operator) {
    case 'in':
      return test.values;
    case 'between':
      return [test.from, test.to];
    case 'within':
      return [test.days];
    case 'inside':
      return [];
    default:
      return [test.value];
  }
}

function isPossible(value: Scalar, type: FactType): boolean {
  if (type === 'field' || type === 'text' || type === 'tier' || type === 'flag') return true;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return false;
  return type !== 'birthday' || value <= BIRTHDAY_DAYS_MAX;
}
