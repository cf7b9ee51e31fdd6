import type { ArbitrationInput, Decision } from '../../core/arbitration/decision.ts';
import { type Explanation, explain } from '../../core/arbitration/explain.ts';
import { assert } from '../../core/assert.ts';
import { describedMember } from '../../core/conformance/member.ts';
import { emptyReader } from '../../core/conformance/world.ts';
import { fold } from '../../core/fold.ts';
import { BatchState } from '../../core/ledger/batch-state.ts';
import { newPartitionMeta } from '../../core/ledger/partition-meta.ts';
import type { StateReader } from '../../core/ledger/state-reader.ts';
import { type Instant, instant } from '../../core/money/units.ts';
import { type OutcomeJson, renderOutcome } from '../../core/outcome/render.ts';
import type { CompiledRuleSet } from '../../core/rules/compile.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { resolveMoment } from '../../core/time/moment.ts';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import type { Checkout } from '../../core/transaction/transaction.ts';
import type { RequestProblem, TestRequest } from './test-request.ts';
import {
  type NotAppliedRow,
  notAppliedRows,
  type OrderRow,
  orderRows,
  type PointsView,
  pointsView,
  type ResultView,
  resultView,
  typesOf,
} from './test-views.ts';

/** What a test is run on. */
export interface TestBench {
  readonly ruleSet: CompiledRuleSet;
  /** 0 for what is no version yet: a file or the working copy. */
  readonly version: number;
  /** The partition of the member; none when there is no ledger at hand. */
  readonly store: StateReader | undefined;
  /** The instant of a test that does not name one. */
  readonly now: Instant;
}

export type TestOutcome =
  | { readonly ok: true; readonly result: TestResult }
  | { readonly ok: false; readonly problem: RequestProblem };

export interface TestResult {
  readonly ruleSet: { readonly version: number; readonly hash: string };
  readonly at: string;
  readonly zone: string;
  readonly status: 'accepted' | 'rejected';
  /** Absent when the order was rejected: the outcome says why. */
  readonly result?: ResultView;
  readonly points?: readonly PointsView[];
  readonly order?: readonly OrderRow[];
  readonly notApplied?: readonly NotAppliedRow[];
  /** What a till would have been answered. */
  readonly outcome: OutcomeJson;
  readonly explanation?: Explanation;
}

const TEST_ID = 'test';
const CONTEXT_MEMBER = 'context';

/**
 * Decides an order as the processor would under the given rule set: by the same fold, as a quote,
 * on a state that lies over the store and is thrown away. The store is only read.
 */
export function runTest(request: TestRequest, bench: TestBench): TestOutcome {
  const { tree } = bench.ruleSet;
  const decoded = decodeTransaction(quoteOf(request));
  if (!decoded.ok) {
    const { reason, path, message } = decoded.rejection;
    return { ok: false, problem: { reason, path: `/order${path}`, message } };
  }
  // Made as a quote just above.
  const quote = decoded.transaction as Checkout;
  const zone = request.zone ?? placeZone(quote, bench);
  const at = request.at === undefined ? bench.now : resolveMoment(request.at, zone, 'start');
  const wrong = wrongTotal(request, quote);
  if (wrong) return { ok: false, problem: wrong };

  const notes: Notes = {};
  const state = stateOver(bench, notes);
  const problem = prepareMember(request, state, { bench, at });
  if (problem) return { ok: false, problem };
  const moment = { sequence: 1, streamSequence: 0, acceptedAt: at };
  const folded = fold(state, { ok: true, transaction: { ...quote, occurredAt: at } }, moment);
  assert(folded.kind === 'answered', 'a quote is answered at once');
  const { outcome } = folded.record;
  const head = {
    ruleSet: { version: bench.version, hash: tree.hash },
    at: formatInstant(at),
    zone,
    outcome: renderOutcome(outcome),
  };
  const { explanation } = notes;
  if (outcome.status === 'rejected' || !outcome.decision || !explanation) {
    return { ok: true, result: { ...head, status: 'rejected' } };
  }
  const views = viewsOf({ decision: outcome.decision, quote, explanation }, bench.ruleSet);
  const result: TestResult = {
    ...head,
    status: 'accepted',
    ...views,
    points: pointsView(outcome.points),
    ...(request.explain ? { explanation } : {}),
  };
  return { ok: true, result };
}

/** What is written down while the decision is made. */
interface Notes {
  explanation?: Explanation;
}

function viewsOf(
  made: {
    readonly decision: Decision;
    readonly quote: Checkout;
    readonly explanation: Explanation;
  },
  { rules, tree }: CompiledRuleSet,
): Pick<TestResult, 'result' | 'order' | 'notApplied'> {
  const { decision, quote, explanation } = made;
  const ineligible = new Map(
    explanation.eligibility.flatMap(({ promotion, reason }) =>
      reason === undefined ? [] : [[promotion, reason] as const],
    ),
  );
  const typeOf = typesOf(rules);
  const scaleOf = (type: string): number => 10 ** (tree.pointTypes.get(type)?.precision ?? 0);
  return {
    result: resultView(decision, quote.lines),
    order: orderRows(decision, quote.lines, { typeOf, scaleOf }),
    notApplied: notAppliedRows({ decision, rules, ineligible }, typeOf),
  };
}

/** The order as a quote. A region stands for any store in it, as long as no store is named. */
function quoteOf({ order, member }: TestRequest) {
  const { region, ...rest } = order;
  const place = rest['store'] ?? region;
  return {
    ...rest,
    ...(place === undefined ? {} : { store: place }),
    ...(member.kind === 'anonymous' ? {} : { member: idOf(member) }),
    id: TEST_ID,
    kind: 'quote',
  };
}

function idOf(member: Exclude<TestRequest['member'], { kind: 'anonymous' }>): string {
  if (member.kind === 'existing') return member.id;
  const id = member.profile['id'];
  return typeof id === 'string' ? id : CONTEXT_MEMBER;
}

function placeZone({ store }: Checkout, { ruleSet: { tree } }: TestBench): string {
  return (store === undefined ? undefined : tree.place(store)?.zone) ?? tree.zone;
}

function wrongTotal({ total }: TestRequest, quote: Checkout): RequestProblem | undefined {
  const sum = quote.lines.reduce((gross, line) => gross + line.gross, Number(quote.delivery));
  if (total === undefined || total === sum) return undefined;
  const message = `the lines and the delivery add up to ${sum}: correct one or auto-calculate`;
  return { reason: 'total-differs', path: '/total', message };
}

/** The store as it is, except that the tested rule set has always been the active one. */
function stateOver(bench: TestBench, notes: Notes): BatchState {
  const { ruleSet, version, store } = bench;
  const { rules, tree } = ruleSet;
  const reader = store ?? emptyReader(newPartitionMeta(0, 1));
  const meta = {
    ...reader.meta(),
    activations: [{ version, hash: tree.hash, activeFrom: instant(0) }],
  };
  const watched = {
    ...tree,
    decide: (input: ArbitrationInput) => {
      // Now, because posting the decision changes what the member owns.
      notes.explanation = explain(rules, input);
      return tree.decide(input);
    },
  };
  const overlay: StateReader = {
    meta: () => meta,
    member: (id) => reader.member(id),
    index: (key) => reader.index(key),
    record: (entry) => reader.record(entry),
    reversal: (checkout) => reader.reversal(checkout),
    counter: (key) => reader.counter(key),
    registered: (key) => reader.registered(key),
    registeredFrom: (prefix, limit) => reader.registeredFrom(prefix, limit),
    due: (at, limit) => reader.due(at, limit),
  };
  return new BatchState(overlay, { usable: () => true, treeOf: () => watched });
}

function prepareMember(
  { member }: TestRequest,
  state: BatchState,
  { bench, at }: { readonly bench: TestBench; readonly at: Instant },
): RequestProblem | undefined {
  if (member.kind === 'anonymous') return undefined;
  if (member.kind === 'existing') {
    if (state.member(member.id)) return undefined;
    const message = `there is no member \`${member.id}\` here: describe a profile instead`;
    return { reason: 'unknown-member', path: '/member', message };
  }
  const { tree } = bench.ruleSet;
  const wrong = wrongHoldings(member.profile, bench);
  if (wrong) return wrong;
  const profile = { ...member.profile, id: idOf(member) };
  const described = describedMember(profile, tree, instant(at - 1));
  if (described.problem) {
    const { reason, path, message } = described.problem;
    return { reason, path: `/member${path}`, message };
  }
  state.putMember(described.member);
  return undefined;
}

/** Points that a test may give a member. */
const POINTS_MAX = 1e12;

function wrongHoldings(
  profile: Readonly<Record<string, unknown>>,
  { ruleSet: { tree } }: TestBench,
): RequestProblem | undefined {
  for (const [type, amount] of Object.entries(profile['points'] ?? {})) {
    const path = `/member/points/${type}`;
    if (!tree.pointTypes.has(type)) {
      return { reason: 'unknown-point-type', path, message: 'the rule set has no such points' };
    }
    if (typeof amount !== 'number' || !(amount >= 0 && amount <= POINTS_MAX)) {
      return { reason: 'invalid-points', path, message: 'a balance is a number from 0' };
    }
  }
  for (const [group, tier] of Object.entries(profile['tiers'] ?? {})) {
    const ladder = tree.tierGroups.find(({ id }) => id === group);
    if (ladder?.tiers.some(({ id }) => id === tier)) continue;
    const message = 'the rule set has no such tier';
    return { reason: 'unknown-tier', path: `/member/tiers/${group}`, message };
  }
  return undefined;
}
