import type { ArbitrationInput, DecisionResult } from '../arbitration/decision.ts';
import { canonicalText } from './canonical.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { NormalRuleSet } from './normal.ts';
import { boundariesOf } from './self-check/boundaries.ts';
import { caseAt } from './self-check/cases.ts';
import { Draw } from './self-check/draw.ts';

type Decide = (input: ArbitrationInput) => DecisionResult;

/** Checkouts tried before a version is sealed for use. */
export const SELF_CHECK_CASES = 200;

/**
 * Runs the specification and the compiled tree on made-up checkouts at the rule set's own
 * boundaries. Two engines that disagree on any of them must not decide about money.
 */
export function selfCheck(
  rules: NormalRuleSet,
  engines: { readonly specification: Decide; readonly compiled: Decide },
): Diagnostic | undefined {
  const edges = boundariesOf(rules);
  for (let seed = 1; seed <= SELF_CHECK_CASES; seed += 1) {
    const input = caseAt(rules, edges, new Draw(seed));
    const expected = canonicalText(engines.specification(input));
    if (canonicalText(engines.compiled(input)) === expected) continue;
    return {
      severity: 'error',
      code: 'self-check-failed',
      path: '',
      message: `interpreter and compiled tree disagree on the made-up checkout ${seed}`,
      hint: 'do not apply this version; report it with the rule set',
    };
  }
  return undefined;
}
