import assert from 'node:assert/strict';
import { hasAnchor } from '../../arbitration/anchors.ts';
import { REASONS_FOR_ALL_MAX } from '../../arbitration/compiled/decide.ts';
import type { DecisionResult } from '../../arbitration/decision.ts';
import { explain } from '../../arbitration/explain.ts';
import { REASONS } from '../../arbitration/reasons.ts';
import { linesNeeded } from '../../rules/candidates/lines.ts';
import type { NormalRuleSet } from '../../rules/normal.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import { compiledBy, inputOf } from '../cases.ts';
import { recompute } from '../recompute.ts';
import { crowdedMaximum, ruleSets } from '../rule-sets.ts';
import type { Law, LawCase } from './law.ts';
import { casesOf, scenesOf } from './scene.ts';

/** The interpreter is the specification; where the tree differs, one of them is wrong. */
function agree({ ruleSet, texts }: LawCase): void {
  const specification = compiledBy('interpret', ruleSet);
  const compiled = compiledBy('compiled', ruleSet);
  if (specification === undefined || compiled === undefined) return;
  assert.equal(compiled.tree.hash, specification.tree.hash);
  const isSmall = specification.rules.promotions.length <= REASONS_FOR_ALL_MAX;
  for (const text of texts) {
    const input = inputOf(text, specification.rules);
    const actual: DecisionResult = compiled.tree.decide(input);
    const expected: DecisionResult = specification.tree.decide(input);
    const seen: Seen = { rules: specification.rules, lines: input.checkout.lines };
    assert.deepEqual(actual, isSmall ? expected : withoutUntold(expected, actual, seen));
  }
}

interface Seen {
  readonly rules: NormalRuleSet;
  readonly lines: readonly OrderLine[];
}

/** In a large rule set, promotions that were not eligible may be left out of the reasons. */
function withoutUntold(
  expected: DecisionResult,
  actual: DecisionResult,
  { rules, lines }: Seen,
): DecisionResult {
  if (!expected.ok || !actual.ok) return expected;
  const told = new Set(actual.decision.notApplied.map(({ promotion }) => promotion));
  const withLines = new Set(
    rules.promotions
      .filter((promotion) => hasAnchor(lines, linesNeeded(promotion, true)))
      .map(({ id }) => id),
  );
  const notApplied = expected.decision.notApplied.filter(
    ({ promotion, reason }) =>
      told.has(promotion) || (reason in REASONS && withLines.has(promotion)),
  );
  return { ok: true, decision: { ...expected.decision, notApplied } };
}

export const ENGINES_AGREE: Law = {
  name: 'the compiled tree decides as the interpreter does',
  cases: casesOf(ruleSets(), 3),
  holds: agree,
  weight: 6,
};

export const DEEP_TREES_AGREE: Law = {
  name: 'the engines agree on trees of many levels',
  cases: casesOf(ruleSets(4), 2),
  holds: agree,
  weight: 0.5,
};

export const SEARCH_IS_EXACT: Law = {
  name: 'the search finds what trying all subsets of up to 8 children finds',
  cases: casesOf(crowdedMaximum(8)),
  holds: agree,
  weight: 3,
};

export const LARGE_SEARCH_IS_EXACT: Law = {
  name: 'the search finds what trying all subsets of up to 12 children finds',
  cases: casesOf(crowdedMaximum(12)),
  holds: agree,
  weight: 0.2,
};

export const EXPLANATION_ADDS_UP: Law = {
  name: 'an independent checker recomputes every decision from its explanation',
  cases: casesOf(),
  weight: 2,
  holds: (one) => {
    for (const { rules, input, decision } of scenesOf(one)) {
      const { totals, lines } = decision;
      const explanation = explain(rules, input);
      assert.deepEqual(recompute({ totals: { ...totals }, lines, explanation }), []);
    }
  },
};

export const ENGINE_LAWS: readonly Law[] = [
  ENGINES_AGREE,
  DEEP_TREES_AGREE,
  SEARCH_IS_EXACT,
  LARGE_SEARCH_IS_EXACT,
  EXPLANATION_ADDS_UP,
];
