import type { StateReader } from '../../core/ledger/state-reader.ts';
import { instant } from '../../core/money/units.ts';
import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import { partitionOf } from '../../core/transaction/key.ts';
import { asActive } from '../../ops/test-mode/as-active.ts';
import { runTest, type TestResult } from '../../ops/test-mode/run-test.ts';
import {
  type RequestProblem,
  readTestRequest,
  type TestMember,
} from '../../ops/test-mode/test-request.ts';
import { compileStored } from '../../workers/rules/compile-document.ts';
import type { OpenLedger } from '../read-only/open-ledger.ts';

/** The rule set that is tried: a version, or a document that is none yet. */
export interface TriedRuleSet {
  /** 0 for a file or the working copy. */
  readonly version: number;
  readonly document: unknown;
}

export type OrderTested =
  | { readonly kind: 'tested'; readonly result: TestResult }
  | { readonly kind: 'refused'; readonly problem: RequestProblem }
  | { readonly kind: 'does-not-compile'; readonly diagnostics: readonly Diagnostic[] };

/**
 * Test mode: what an order would give under a rule set. Reads the member, if one is named, from
 * the ledger; writes nothing, neither there nor anywhere.
 */
export function testOrder(given: {
  readonly request: unknown;
  readonly ruleSet: TriedRuleSet;
  /** None: then only profiles from context can be tried. */
  readonly ledger: OpenLedger | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}): OrderTested {
  const read = readTestRequest(given.request);
  if (!read.ok) return { kind: 'refused', problem: read.problem };
  const { request } = read;
  const { version, document } = given.ruleSet;
  const activated = asActive(document, request.asActive);
  const [stranger] = activated.unknown;
  if (stranger !== undefined) {
    const message = `the rule set has no promotion \`${stranger}\``;
    return {
      kind: 'refused',
      problem: { reason: 'unknown-promotion', path: '/asActive', message },
    };
  }
  const compiled = compileStored(activated.document);
  if (!compiled.ok) return { kind: 'does-not-compile', diagnostics: compiled.diagnostics };
  const store = given.ledger && storeOf(given.ledger, request.member);
  const bench = { ruleSet: compiled.value, version, store, now: instant(given.now) };
  const outcome = runTest(request, bench);
  return outcome.ok
    ? { kind: 'tested', result: outcome.result }
    : { kind: 'refused', problem: outcome.problem };
}

/** Where the member is; of shared budgets every partition shows what it knows. */
function storeOf(ledger: OpenLedger, member: TestMember): StateReader | undefined {
  const key = member.kind === 'existing' ? member.id : '';
  return ledger.store(partitionOf(key, ledger.partitions));
}
