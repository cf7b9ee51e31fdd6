import { type Explanation, explain } from '../../core/arbitration/explain.ts';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import type { TreeSource } from '../../core/ledger/batch-state.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { Activation } from '../../core/ledger/state.ts';
import type { Instant } from '../../core/money/units.ts';
import type { CompiledRuleSet } from '../../core/rules/compile.ts';
import { Comparison, type Filter } from './comparison.ts';
import { type Decider, decideAsRecorded, Lane } from './lane.ts';
import { LaneStore } from './lane-store.ts';
import { worthBy } from './point-worth.ts';
import { InputFilter, idsNamed, mergedInputs, type RecordedInput } from './recorded-input.ts';
import { reportOf, type WhatIfReport } from './report.ts';

/** What would have been, had the candidate been the rule set from `from` to `to`. */
export interface WhatIfQuestion {
  /** By the instants at which the log accepted the transactions; `to` is not included. */
  readonly from: Instant;
  readonly to: Instant;
  readonly filter: Filter;
  readonly candidate: CompiledRuleSet;
  /** 0 for what is no version yet. */
  readonly version: number;
}

/** What is on record. */
export interface Recorded {
  /** Each partition's ledger from its beginning; walked through twice. */
  readonly ledgers: () => readonly Iterable<LedgerRecord>[];
  /** The versions that the ledgers name. */
  readonly trees: TreeSource;
}

export type WhatIfPhase = 'counting' | 'catching-up' | 'comparing';

export interface WhatIfProgress {
  readonly phase: WhatIfPhase;
  readonly done: number;
  /** Unknown while counting. */
  readonly total: number | undefined;
}

/** Inputs between two looks at whether somebody wants to stop. */
const INPUTS_PER_STEP = 256;

/**
 * Plays recorded traffic twice from the same past: under the versions that decided it, and under
 * the candidate. Both lanes are made alike, so whatever they differ by is the candidate's doing:
 * the version that was active anyway differs by nothing. Yields its progress; whoever stops
 * asking has cancelled it.
 */
export function* whatIf(
  question: WhatIfQuestion,
  recorded: Recorded,
): Generator<WhatIfProgress, WhatIfReport> {
  const counted = yield* count(question, recorded);
  const { from } = question;
  const activations = new ActivationBook();
  const inputs = mergedInputs(recorded.ledgers().map((ledger) => until(ledger, question.to)));
  let now: LedgerRecord | undefined;
  const past = new Lane(
    new LaneStore(counted.named),
    recorded.trees,
    decideAsRecorded(() => now),
  );
  let done = 0;
  let next = inputs.next();
  for (; next.done !== true && next.value.at < from; next = inputs.next()) {
    const { record, partition } = next.value;
    now = record;
    // What was refused has changed nothing; what was active is kept apart.
    if (record.kind === 'activation') activations.note(next.value);
    else if (record.outcome.status === 'accepted') {
      past.play(next.value, activations.unnumbered(partition));
    } else past.remember(record);
    done += 1;
    if (done % INPUTS_PER_STEP === 0) {
      yield { phase: 'catching-up', done, total: counted.before };
    }
  }
  const base = past.end();
  const lanes = twoLanes(question, recorded, { base, activations });
  done = 0;
  for (; next.done !== true; next = inputs.next()) {
    lanes.play(next.value);
    done += 1;
    if (done % INPUTS_PER_STEP === 0) yield { phase: 'comparing', done, total: counted.within };
  }
  return lanes.report();
}

interface Counted {
  /** Inputs before the range, and within it. */
  readonly before: number;
  readonly within: number;
  /** Ids of transactions that others name. */
  readonly named: ReadonlySet<string>;
}

function* count(
  { from, to }: WhatIfQuestion,
  { ledgers }: Recorded,
): Generator<WhatIfProgress, Counted> {
  const named = new Set<string>();
  const filter = new InputFilter();
  let [before, within] = [0, 0];
  for (const [partition, ledger] of ledgers().entries()) {
    let at = 0;
    for (const record of until(ledger, to)) {
      at = Math.max(at, record.acceptedAt);
      const input = filter.inputOf({ partition, record, at });
      if (!input) continue;
      for (const id of idsNamed(input.transaction)) named.add(id);
      if (at < from) before += 1;
      else within += 1;
      const done = before + within;
      if (done % INPUTS_PER_STEP === 0) yield { phase: 'counting', done, total: undefined };
    }
  }
  return { before, within, named };
}

/** A ledger up to the first record that was accepted at an instant or later. */
function* until(ledger: Iterable<LedgerRecord>, to: Instant): Generator<LedgerRecord> {
  for (const record of ledger) {
    if (record.acceptedAt >= to) return;
    yield record;
  }
}

/** What was active in each partition, as far as the inputs have come. */
class ActivationBook {
  readonly #real = new Map<number, readonly Activation[]>();
  readonly #unnumbered = new Map<number, readonly Activation[]>();

  note({ partition, record, transaction }: RecordedInput): void {
    if (transaction?.kind !== 'activation' || record.outcome.status === 'rejected') return;
    const { version, hash } = transaction;
    const activeFrom = record.acceptedAt;
    const list = [...this.of(partition), { version, hash, activeFrom }];
    this.#real.set(partition, list);
    const zero = list.map((activation) => ({ ...activation, version: 0 }));
    this.#unnumbered.set(partition, zero);
  }

  of(partition: number): readonly Activation[] {
    return this.#real.get(partition) ?? NONE;
  }

  /** Without numbers: while budgets are only added up, no version brings limits. */
  unnumbered(partition: number): readonly Activation[] {
    return this.#unnumbered.get(partition) ?? NONE;
  }

  /** The same with a version on top that has been active in all partitions since an instant. */
  with(candidate: { readonly hash: string; readonly version: number }, activeFrom: Instant) {
    const newest = Math.max(0, ...[...this.#real.values()].flat().map(({ version }) => version));
    // Limits of budgets are taken over from newer versions only.
    const version = candidate.version >= newest ? candidate.version : newest + 1;
    const top = { version: Math.max(1, version), hash: candidate.hash, activeFrom };
    const alone = [top];
    const lists = new Map([...this.#real].map(([partition, list]) => [partition, [...list, top]]));
    return (partition: number): readonly Activation[] => lists.get(partition) ?? alone;
  }
}

const NONE: readonly Activation[] = [];

function twoLanes(
  question: WhatIfQuestion,
  { trees }: Recorded,
  past: { readonly base: LaneStore; readonly activations: ActivationBook },
) {
  const { candidate, filter, from, version } = question;
  const { tree, rules } = candidate;
  const { base, activations } = past;
  const comparison = new Comparison(filter, worthBy(tree));
  let expected: LedgerRecord | undefined;
  let explanation: Explanation | undefined;
  const decide: Decider = (by, input) => {
    const result = by.decide(input);
    // Now, because booking the decision changes what it was made of.
    const isWanted = by === tree && result.ok;
    if (isWanted && comparison.wantsExplanation(expected, result.decision)) {
      explanation = explain(rules, input);
    }
    return result;
  };
  const before = new Lane(base.fork(), trees);
  const after = new Lane(base.fork(), withTree(trees, tree), decide);
  const underCandidate = activations.with({ hash: tree.hash, version }, from);
  const seen = new Set<string>();
  let [first, last, inputs] = [Number.POSITIVE_INFINITY, 0, 0];
  return {
    play(input: RecordedInput): void {
      inputs += 1;
      first = Math.min(first, input.at);
      last = Math.max(last, input.at);
      if (input.record.kind === 'activation') {
        activations.note(input);
        return;
      }
      const { ruleSet } = input.record.outcome;
      if (ruleSet) seen.add(ruleSet.hash);
      const wasActive = activations.of(input.partition);
      const old = before.play(input, wasActive);
      expected = old[0];
      explanation = undefined;
      const now = after.play(input, underCandidate(input.partition));
      comparison.add({ input, before: old, after: now, explanation });
    },
    report(): WhatIfReport {
      const leases = { before: before.end().leases(), after: after.end().leases() };
      const span = inputs === 0 ? 0 : last - first;
      return reportOf(question, { comparison, leases, seen: [...seen], span, inputs });
    },
  };
}

function withTree(trees: TreeSource, tree: ArbitrationTree): TreeSource {
  return {
    usable: (hash) => hash === tree.hash || trees.usable(hash),
    treeOf: (hash) => (hash === tree.hash ? tree : trees.treeOf(hash)),
  };
}
