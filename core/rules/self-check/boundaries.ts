import { resolvePeriod } from '../../time/period.ts';
import type { Condition, FactCondition, LineScope } from '../condition.ts';
import type { NormalRuleSet, PromotionBody } from '../normal.ts';

/** Values at which a rule set changes its mind: cases made of them try what random ones miss. */
export interface Boundaries {
  readonly skus: readonly string[];
  readonly categories: readonly string[];
  readonly channels: readonly string[];
  readonly codes: readonly string[];
  readonly segments: readonly string[];
  readonly stores: readonly string[];
  readonly partners: readonly string[];
  /** Money just below, at and just above the thresholds. */
  readonly amounts: readonly number[];
  /** Just before and at the start and end of promotions. */
  readonly instants: readonly number[];
}

/** Values kept of each kind. A rule set of thousands is tried by a part of them. */
const VALUES_MAX = 500;
/** Something happens then, whatever the rule set says. */
const SOME_DAY = Date.UTC(2026, 5, 15, 12);

export function boundariesOf(rules: NormalRuleSet): Boundaries {
  const bodies = rules.promotions.flatMap(({ body, variants }) => [
    body,
    ...variants.map((variant) => variant.body),
  ]);
  const facts = bodies.flatMap(factsOf);
  const texts = (...names: readonly string[]) =>
    distinct(facts.filter(({ fact }) => names.includes(fact)).flatMap(valuesOf));
  const bundled = bodies.flatMap(scopesOf).flatMap(({ bundle }) => bundle);
  return {
    skus: distinct([
      ...texts('sku', 'line.sku'),
      ...defined(bundled.map(({ sku }) => sku)),
      'other',
    ]),
    categories: distinct([
      ...texts('category', 'line.category'),
      ...defined(bundled.map(({ category }) => category)),
    ]),
    channels: distinct([...texts('channel'), ...bodies.flatMap(({ channels }) => channels)]),
    codes: texts('codes'),
    segments: texts('member.segments'),
    stores: distinct(rules.places.map(({ id }) => id)),
    partners: distinct(rules.partners.map(({ id }) => id)),
    amounts: around(facts.flatMap(numbersOf)),
    instants: [...instantsOf(bodies, rules.programme.zone), SOME_DAY],
  };
}

function scopesOf(body: PromotionBody): readonly LineScope[] {
  return [body.lines, ...body.benefits.map(({ lines }) => lines)].flat();
}

function factsOf(body: PromotionBody): readonly FactCondition[] {
  return [body.when, ...scopesOf(body).map(({ where }) => where)].flatMap(leavesOf);
}

function leavesOf(condition: Condition): readonly FactCondition[] {
  if (condition.kind === 'fact') return [condition];
  if (condition.kind === 'not') return leavesOf(condition.part);
  return 'parts' in condition ? condition.parts.flatMap(leavesOf) : [];
}

function valuesOf({ test }: FactCondition): readonly string[] {
  if (test.operator === 'is' || test.operator === 'has') return [String(test.value)];
  return test.operator === 'in' ? test.values.map(String) : [];
}

function numbersOf({ test }: FactCondition): readonly number[] {
  if (test.operator === 'between') return [test.from, test.to];
  if (!('value' in test) || typeof test.value !== 'number') return [];
  return [test.value];
}

function around(numbers: readonly number[]): readonly number[] {
  const near = numbers.flatMap((number) => [number - 1, number, number + 1]);
  const usable = near.filter((number) => Number.isSafeInteger(number) && number >= 0);
  return distinct([...usable, 0, 1, 999, 100_000].map(String)).map(Number);
}

function instantsOf(bodies: readonly PromotionBody[], zone: string): readonly number[] {
  const edges = bodies.flatMap(({ period }) => {
    const { start, end } = resolvePeriod(period, zone);
    return [start, end].filter(Number.isFinite);
  });
  return distinct(edges.flatMap((edge) => [edge - 1, edge]).map(String)).map(Number);
}

function defined(values: readonly (string | undefined)[]): readonly string[] {
  return values.filter((value) => value !== undefined);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].slice(0, VALUES_MAX);
}
