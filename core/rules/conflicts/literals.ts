import type { Condition, Test } from '../condition.ts';

/** One test of a fact that has to hold, or has to fail. */
export interface Literal {
  readonly fact: string;
  readonly test: Test;
  readonly holds: boolean;
}

/** Tests that have to come true together. */
export type Conjunct = readonly Literal[];

/** Ways in which one condition may come true; of more, nothing is proved. */
export const CONJUNCTS_MAX = 64;

/**
 * All ways in which a condition comes true, or with `holds` false, fails; `undefined` when there
 * are too many to look at.
 */
export function conjunctsOf(condition: Condition, holds = true): readonly Conjunct[] | undefined {
  switch (condition.kind) {
    case 'always':
      return holds ? [[]] : [];
    case 'never':
      return holds ? [] : [[]];
    case 'fact':
      return [[{ fact: condition.fact, test: condition.test, holds }]];
    case 'not':
      return conjunctsOf(condition.part, !holds);
    default: {
      const parts = condition.parts.map((part) => conjunctsOf(part, holds));
      return (condition.kind === 'all') === holds ? together(parts) : oneOf(parts);
    }
  }
}

type Ways = readonly Conjunct[] | undefined;

/** One way of each part, in every combination. */
export function together(parts: readonly Ways[]): Ways {
  let ways: readonly Conjunct[] = [[]];
  for (const part of parts) {
    if (part === undefined || ways.length * part.length > CONJUNCTS_MAX) return undefined;
    ways = ways.flatMap((way) => part.map((more) => [...way, ...more]));
  }
  return ways;
}

function oneOf(parts: readonly Ways[]): Ways {
  const ways: Conjunct[] = [];
  for (const part of parts) {
    if (part === undefined || ways.length + part.length > CONJUNCTS_MAX) return undefined;
    ways.push(...part);
  }
  return ways;
}

/** Literals by the fact they are about. */
export type ByFact = ReadonlyMap<string, readonly Literal[]>;

export function byFact(literals: readonly Literal[]): ByFact {
  return Map.groupBy(literals, ({ fact }) => fact);
}

/** Both together. */
export function merged(one: ByFact, two: ByFact): ByFact {
  if (one.size === 0) return two;
  if (two.size === 0) return one;
  const both = new Map(one);
  for (const [fact, literals] of two) both.set(fact, [...(one.get(fact) ?? []), ...literals]);
  return both;
}
