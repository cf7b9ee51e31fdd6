import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  documentWith,
  factsFor,
  inputOf,
  normalRules,
  onlyPromotion,
} from '../../testing/rule-cases.ts';
import {
  arbitraryCheckoutJson,
  arbitraryCondition,
  arbitraryInstant,
  arbitraryMember,
  WORLD,
} from '../../testing/rule-documents.ts';
import { compileCondition } from './compile.ts';
import { interpretCondition } from './interpret.ts';

const anyCase = fc.record({
  checkout: arbitraryCheckoutJson,
  member: arbitraryMember,
  at: arbitraryInstant,
});

test('a compiled condition says what the interpreted one says, with the same reason', () => {
  fc.assert(
    fc.property(arbitraryCondition, anyCase, (when, given) => {
      const rules = normalRules(documentWith({ when }, WORLD));
      const { body } = onlyPromotion(rules);
      const facts = factsFor(rules, inputOf(given));
      expect(compileCondition(body.when)(facts)).toBe(interpretCondition(body.when, facts));
    }),
    { numRuns: 300 },
  );
});
