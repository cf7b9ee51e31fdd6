import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsFor, inputOf, normalRules } from '../../testing/rule-cases.ts';
import {
  arbitraryCheckoutJson,
  arbitraryCondition,
  arbitraryMember,
  WORLD,
} from '../../testing/rule-documents.ts';
import { interpretCondition } from '../conditions/interpret.ts';
import { Problems } from '../diagnostic.ts';
import { condition as conditionShape, type DocumentCondition } from '../document/condition.ts';
import type { Facts } from '../facts.ts';
import { type ConditionContext, normalCondition } from './conditions.ts';

const context: ConditionContext = {
  scales: { precisionOf: () => 0, defaultType: 'main', exponent: 2 },
  tiersOf: new Map([['club', ['bronze', 'silver', 'gold']]]),
};
const world = normalRules(WORLD);

function decoded(json: unknown): DocumentCondition {
  const at = { path: '', problems: new Problems(), parentOf: new Map<string, string>() };
  const found = conditionShape.decode(json, at);
  if (found === undefined) throw new Error(JSON.stringify(at.problems.found));
  return found;
}

/** What a condition means as it is written, with no law applied but to its leaves. */
function asWritten(condition: DocumentCondition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.parts.every((part) => asWritten(part, facts));
    case 'any':
      return condition.parts.some((part) => asWritten(part, facts));
    case 'not':
      return !asWritten(condition.part, facts);
    case 'fact':
      return interpretCondition(normalCondition(condition, context), facts) === undefined;
  }
}

test('the laws keep the meaning of a condition', () => {
  fc.assert(
    fc.property(
      arbitraryCondition,
      arbitraryCheckoutJson,
      arbitraryMember,
      (json, checkout, member) => {
        const facts = factsFor(world, inputOf({ checkout, member }));
        const written = decoded(json);
        const normal = normalCondition(written, context);
        expect(interpretCondition(normal, facts) === undefined).toBe(asWritten(written, facts));
      },
    ),
    { numRuns: 300 },
  );
});

test('different ways to write the same have one normal form', () => {
  fc.assert(
    fc.property(arbitraryCondition, arbitraryCondition, (left, right) => {
      const normal = (json: unknown) => normalCondition(decoded(json), context);
      expect(normal({ not: { not: left } })).toEqual(normal(left));
      expect(normal({ all: [left, { all: [right, left] }] })).toEqual(
        normal({ all: [right, left] }),
      );
      expect(normal({ any: [left, { any: [right, left] }] })).toEqual(
        normal({ any: [right, left] }),
      );
    }),
  );
});
