import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRuleSet } from '../../rules/compile.ts';
import { compileCondition } from '../../rules/conditions/compile.ts';
import { compileSelect } from '../../rules/lines/select.ts';
import { inputOf as caseInput } from '../../testing/cases.ts';
import { inputOf } from '../../testing/rule-cases.ts';
import {
  arbitraryCheckoutJson,
  arbitraryDocument,
  arbitraryInstant,
  arbitraryMember,
} from '../../testing/rule-documents.ts';
import { balances, quotes, ruleSets } from '../../testing/rule-sets.ts';
import type { ArbitrationInput, DecisionResult } from '../decision.ts';
import { emitInterpreter } from '../emit.ts';
import { compileDecide } from './decide.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 90);

/** The compiled tree and the specification; small sets are made to use the whole index too. */
function enginesOf(document: unknown, reasonsForAll: boolean) {
  const compile = (emit: Parameters<typeof compileRuleSet>[1]['emit']) => {
    const compiled = compileRuleSet(document, { world: 'open', emit });
    return compiled.ok ? compiled.value : undefined;
  };
  const specification = compile(emitInterpreter);
  const fresh = () =>
    compile((rules, language) =>
      compileDecide(rules, language, {
        condition: compileCondition,
        select: (scopes) => {
          const select = compileSelect(scopes);
          return (facts) => select(facts.lines);
        },
        reasonsForAll,
      }),
    )?.tree;
  const compiled = fresh();
  if (specification === undefined || compiled === undefined) return undefined;
  return { rules: specification.rules, specification: specification.tree, compiled, fresh };
}

/** Equal, but for promotions that the tree never looked at. */
function expectSame(told: DecisionResult, expected: DecisionResult, isComplete: boolean): void {
  if (!told.ok || !expected.ok || isComplete) {
    expect(told).toEqual(expected);
    return;
  }
  const { notApplied: all, ...rest } = expected.decision;
  const { notApplied, ...own } = told.decision;
  expect(own).toEqual(rest);
  expect(all).toEqual(expect.arrayContaining([...notApplied]));
}

test.each([true, false])('places, channels and times; reasons for all: %s', (reasonsForAll) => {
  const checkouts = fc.array(
    fc.record({
      checkout: arbitraryCheckoutJson,
      member: arbitraryMember,
      at: arbitraryInstant,
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(arbitraryDocument, checkouts, (document, given) => {
      const engines = enginesOf(document, reasonsForAll);
      if (engines === undefined) return;
      for (const one of given) {
        const input = inputOf(one);
        const told = engines.compiled.decide(input);
        expectSame(told, engines.specification.decide(input), reasonsForAll);
      }
    }),
    { numRuns: RUNS },
  );
});

const texts = fc.array(
  fc.record({ quote: quotes, balances, seed: fc.integer({ min: 0, max: 900 }) }),
  { minLength: 2, maxLength: 4 },
);

test('modes, benefits and limits, with all of the index', () => {
  fc.assert(
    fc.property(ruleSets(), texts, (document, given) => {
      const engines = enginesOf(document, false);
      if (engines === undefined) return;
      for (const text of given) {
        const input = caseInput(text, engines.rules);
        expectSame(engines.compiled.decide(input), engines.specification.decide(input), false);
      }
    }),
    { numRuns: RUNS },
  );
});

test('a decision cannot see the ones before it', () => {
  fc.assert(
    fc.property(ruleSets(), texts, fc.boolean(), (document, given, reasonsForAll) => {
      const engines = enginesOf(document, reasonsForAll);
      if (engines === undefined) return;
      const inputs: readonly ArbitrationInput[] = given.map((one) => caseInput(one, engines.rules));
      const alone = inputs.map((input) => engines.fresh()?.decide(input));
      const kept = [...inputs, ...inputs].map((input) => engines.compiled.decide(input));
      expect(kept).toEqual([...alone, ...alone]);
    }),
    { numRuns: RUNS / 3 },
  );
});
