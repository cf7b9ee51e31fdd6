import { canonicalText, compareText } from '../canonical.ts';
import type { Condition, FactCondition, Scalar, Test } from '../condition.ts';
import { costOfCondition } from '../cost.ts';
import type { DocumentCondition } from '../document/condition.ts';
import type { Comparison, DocumentTest } from '../document/test.ts';
import { type Scales, steps } from './scale.ts';

/** What the tests of a document need to become plain comparisons. */
export interface ConditionContext {
  readonly scales: Scales;
  /** Tiers of each group, ascending. */
  readonly tiersOf: ReadonlyMap<string, readonly string[]>;
}

const ALWAYS: Condition = { kind: 'always' };
const NEVER: Condition = { kind: 'never' };

/** The normal form of a condition; an absent one always holds. */
export function normalCondition(
  condition: DocumentCondition | undefined,
  context: ConditionContext,
): Condition {
  if (condition === undefined) return ALWAYS;
  switch (condition.kind) {
    case 'all':
    case 'any':
      return joined(
        condition.kind,
        condition.parts.map((part) => normalCondition(part, context)),
      );
    case 'not':
      return negated(normalCondition(condition.part, context));
    case 'fact':
      return normalFact(condition.fact, settled(condition.fact, condition.test, context));
  }
}

/** Laws: a condition that nothing can fail or pass is a constant; double negation goes away. */
export function negated(part: Condition): Condition {
  if (part.kind === 'always') return NEVER;
  if (part.kind === 'never') return ALWAYS;
  return part.kind === 'not' ? part.part : { kind: 'not', part };
}

/** Laws: nested `all` and `any` flatten, constants fold, repetition goes, order does not matter. */
export function joined(kind: 'all' | 'any', parts: readonly Condition[]): Condition {
  const [neutral, decisive] = kind === 'all' ? ['always', 'never'] : ['never', 'always'];
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const deciding = flat.find((part) => part.kind === decisive);
  if (deciding !== undefined) return deciding;

  const texts = new Map(
    flat.filter((part) => part.kind !== neutral).map((part) => [canonicalText(part), part]),
  );
  const sorted = [...texts]
    .map(([text, part]) => ({ text, part, cost: costOfCondition(part) }))
    .sort((left, right) => left.cost - right.cost || compareText(left.text, right.text))
    .map(({ part }) => part);
  const [first] = sorted;
  if (first === undefined) return kind === 'all' ? ALWAYS : NEVER;
  return sorted.length === 1 ? first : { kind, parts: sorted };
}

/** Laws: a list of one value is `is`, `has` and `is` of a list are the same, lists are sets. */
function normalFact(fact: string, test: Test): Condition {
  if (test.operator === 'has') return leaf(fact, { operator: 'is', value: test.value });
  if (test.operator !== 'in') return leaf(fact, test);
  const values = [...new Set(test.values)].sort(compareScalars);
  const [first] = values;
  if (first === undefined) return NEVER;
  return leaf(fact, values.length === 1 ? { operator: 'is', value: first } : { ...test, values });
}

function leaf(fact: string, test: Test): FactCondition {
  return { kind: 'fact', fact, test };
}

function compareScalars(left: Scalar, right: Scalar): number {
  return compareText(`${typeof left}:${left}`, `${typeof right}:${right}`);
}

/** Tests that needed the rest of the document become plain ones. */
function settled(fact: string, test: DocumentTest, context: ConditionContext): Test {
  if (test.operator === 'points') {
    const type = fact.slice('member.points.'.length);
    const value = steps(test.amount, context.scales.precisionOf(type));
    return { operator: test.compare, value };
  }
  if (test.operator !== 'tier-rank') return test;
  const group = fact.startsWith('member.tier.') ? fact.slice('member.tier.'.length) : undefined;
  return { operator: 'in', values: tiersPassing(test, group, context) };
}

function tiersPassing(
  test: { readonly compare: Comparison; readonly tier: string },
  group: string | undefined,
  { tiersOf }: ConditionContext,
): readonly string[] {
  const ladders = group === undefined ? [...tiersOf.values()] : [tiersOf.get(group) ?? []];
  return ladders.flatMap((tiers) => {
    const rank = tiers.indexOf(test.tier);
    if (rank < 0) return [];
    return tiers.filter((_, index) => passes(test.compare, index, rank));
  });
}

function passes(compare: Comparison, index: number, rank: number): boolean {
  switch (compare) {
    case 'is':
      return index === rank;
    case 'atLeast':
      return index >= rank;
    case 'atMost':
      return index <= rank;
    case 'above':
      return index > rank;
    case 'below':
      return index < rank;
  }
}
