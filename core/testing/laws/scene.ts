import fc from 'fast-check';
import type { ArbitrationInput, Decision } from '../../arbitration/decision.ts';
import type { NormalRuleSet } from '../../rules/normal.ts';
import { type CaseText, compiledBy, inputOf } from '../cases.ts';
import { balances, quotes, ruleSets } from '../rule-sets.ts';
import type { LawCase } from './law.ts';

/** One decided checkout: what laws look at. */
export interface Scene {
  readonly rules: NormalRuleSet;
  readonly input: ArbitrationInput;
  readonly decision: Decision;
}

/** A checkout as a sender would write it, with a member and used-up limits. */
export const texts: fc.Arbitrary<CaseText> = fc.record({
  quote: quotes,
  balances,
  seed: fc.integer({ min: 0, max: 900 }),
});

/** Small trees in which everything meets everything, with up to so many checkouts. */
export function casesOf(
  documents: fc.Arbitrary<unknown> = ruleSets(),
  most = 1,
): fc.Arbitrary<LawCase> {
  return fc.record({
    ruleSet: documents,
    texts: fc.array(texts, { minLength: 1, maxLength: most }),
  });
}

/** The decisions of a case; none where the rule set or the checkout is refused. */
export function scenesOf({ ruleSet, texts: all }: LawCase): readonly Scene[] {
  const compiled = compiledBy('compiled', ruleSet);
  if (compiled === undefined) return [];
  const { rules, tree } = compiled;
  return all.flatMap((text) => {
    const input = inputOf(text, rules);
    const result = tree.decide(input);
    return result.ok ? [{ rules, input, decision: result.decision }] : [];
  });
}

export const sum = (numbers: readonly number[]) => numbers.reduce((soFar, one) => soFar + one, 0);
