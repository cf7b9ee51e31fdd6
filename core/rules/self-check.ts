import type { ArbitrationInput, DecisionResult } from '../arbitration/decision.ts';
import { canonicalText } from './canonical.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { ArbitrationNode, NormalRuleSet } from './normal.ts';
import { boundariesOf } from './self-check/boundaries.ts';
import { caseAt } from './self-check/cases.ts';
import { Draw } from './self-check/draw.ts';

type Decide = (input: ArbitrationInput) => DecisionResult;

/** Checkouts tried before a version is sealed for use, at most and at least. */
export const SELF_CHECK_CASES = { most: 200, least: 20 } as const;
/** Promotions times checkouts: the interpreter looks at each promotion for each checkout. */
const WORK_MAX = 100_000;
/** The interpreter tries all subsets of a maximum-benefit group; beyond this it would not end. */
export const MAXIMUM_CHILDREN_MAX = 10;

/**
 * Runs the specification and the compiled tree on made-up checkouts at the rule set's own
 * boundaries. Two engines that disagree on any of them must not decide about money.
 */
export function selfCheck(
  rules: NormalRuleSet,
  engines: { readonly specification: Decide; readonly compiled: Decide },
): Diagnostic | undefined {
  if (!canBeInterpreted(rules.root)) return undefined;
  const edges = boundariesOf(rules);
  const cases = casesFor(rules.promotions.length);
  for (let seed = 1; seed <= cases; seed += 1) {
    const input = caseAt(rules, edges, new Draw(seed));
    if (agree(engines.specification(input), engines.compiled(input))) continue;
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

/**
 * Equal to the byte, but for the promotions that did not apply: of a large rule set the compiled
 * tree names only those it looked at. What it names must be what the specification says of them.
 */
function agree(specified: DecisionResult, compiled: DecisionResult): boolean {
  if (!specified.ok || !compiled.ok) return canonicalText(specified) === canonicalText(compiled);
  const { notApplied: all, ...expected } = specified.decision;
  const { notApplied: told, ...actual } = compiled.decision;
  if (canonicalText(actual) !== canonicalText(expected)) return false;
  const reasons = new Map(all.map(({ promotion, reason }) => [promotion, reason]));
  return told.every(({ promotion, reason }) => reasons.get(promotion) === reason);
}

function casesFor(promotions: number): number {
  const affordable = Math.floor(WORK_MAX / Math.max(1, promotions));
  return Math.max(SELF_CHECK_CASES.least, Math.min(SELF_CHECK_CASES.most, affordable));
}

function canBeInterpreted(node: ArbitrationNode): boolean {
  if (node.kind === 'promotion') return true;
  const crowded = node.mode === 'max' && node.children.length > MAXIMUM_CHILDREN_MAX;
  return !crowded && node.children.every(canBeInterpreted);
}
