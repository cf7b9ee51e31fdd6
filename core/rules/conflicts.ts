import type { ArbitrationInput, DecisionResult } from '../arbitration/decision.ts';
import { findBeyondLimits } from './conflicts/beyond-limits.ts';
import { claimsOf } from './conflicts/claims.ts';
import { findEmptyRegions } from './conflicts/empty-regions.ts';
import { findOverlaps } from './conflicts/overlap.ts';
import { findBadReferences } from './conflicts/references.ts';
import { Report } from './conflicts/report.ts';
import { Search } from './conflicts/search.ts';
import { findUnreachable } from './conflicts/unreachable.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { RuleSetDocument } from './document.ts';
import type { NormalRuleSet } from './normal.ts';

/** What was found, and how far the look went. */
export interface Conflicts {
  readonly warnings: readonly Diagnostic[];
  /** Questions proved to have no bad answer, over the finite domains of the rule set. */
  readonly proved: number;
  /** Questions that are neither shown nor proved. */
  readonly undecided: readonly string[];
}

/**
 * Looks for what compiles and is probably not meant. Every conflict is solved for: a checkout
 * that shows it is made from the conditions themselves, and counts only when the engine decides
 * it so. Where there can be none, that is proved; what is neither shown nor proved is told.
 */
export function findConflicts(
  rules: NormalRuleSet,
  document: RuleSetDocument,
  decide: (input: ArbitrationInput) => DecisionResult,
): Conflicts {
  const all = claimsOf(rules);
  const search = new Search(all, decide);
  const report = new Report(document);
  const unreachable = findUnreachable(all, search, report);
  const lost = new Set([...unreachable].map(({ position }) => position));
  // What never gets its turn can do nothing else wrong.
  const claims = { ...all, of: all.of.map((own, at) => (lost.has(at) ? [] : own)) };
  findBeyondLimits(claims, search, report);
  findBadReferences(claims, search, report);
  findEmptyRegions(claims, document, { search, report });
  findOverlaps(claims, search, report);
  return { warnings: report.close(), proved: report.proved, undecided: report.undecided };
}
