import type {
  ArbitrationInput,
  BudgetLimits,
  DecisionResult,
} from '../../core/arbitration/decision.ts';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { assert } from '../../core/assert.ts';
import { carryRelays } from '../../core/conformance/carrier.ts';
import { fold } from '../../core/fold.ts';
import { BatchState, type TreeSource } from '../../core/ledger/batch-state.ts';
import type { Lease } from '../../core/ledger/lease/lease.ts';
import { blockBudget } from '../../core/ledger/partner-blocks.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { Activation } from '../../core/ledger/state.ts';
import type { LaneStore } from './lane-store.ts';
import type { RecordedInput } from './recorded-input.ts';

/** Inputs after which changes go into the store as bytes, and their objects are let go. */
const INPUTS_PER_STRETCH = 512;

/** What a decision is made of; by default what the tree says. */
export type Decider = (tree: ArbitrationTree, input: ArbitrationInput) => DecisionResult;

/**
 * One course of events: recorded inputs, folded one after the other on a state of its own. All
 * partitions are one here, so that a shared budget is one number and nobody waits for a lease.
 */
export class Lane {
  readonly #store: LaneStore;
  readonly #trees: TreeSource;
  #state: BatchState;
  #activations: readonly Activation[] = [];
  #played = 0;
  #sequence = 0;

  constructor(store: LaneStore, trees: TreeSource, decide: Decider = decideByTree) {
    this.#store = store;
    this.#trees = deciding(trees, decide);
    this.#state = new BatchState(store, this.#trees);
  }

  /**
   * Keeps a record that changes nothing: what could not be read, and what is known to have been
   * refused. Who names it has to be told the same as then.
   */
  remember(record: LedgerRecord): readonly LedgerRecord[] {
    this.#store.remember(record);
    return [record];
  }

  /** Folds one input under what is active in its partition. Gives all that is recorded. */
  play(input: RecordedInput, activations: readonly Activation[]): readonly LedgerRecord[] {
    const { transaction } = input;
    if (!transaction) return this.remember(input.record);
    if (this.#played === INPUTS_PER_STRETCH) this.#nextStretch();
    this.#played += 1;
    if (activations !== this.#activations) this.#activate(activations);
    const { streamSequence, acceptedAt } = input.record;
    this.#sequence += 1;
    const moment = { sequence: this.#sequence, streamSequence, acceptedAt };
    const folded = fold(this.#state, { ok: true, transaction }, moment);
    assert(folded.kind === 'recorded', 'every input comes once', input.record.id, folded.kind);
    const records = [folded.record, ...folded.followUps];
    this.#sequence += folded.followUps.length;
    if (this.#state.waiting.relays > 0) {
      const told = (record: LedgerRecord): void => void records.push(record);
      this.#sequence = carryRelays(this.#state, { ...moment, sequence: this.#sequence }, told);
    }
    return records;
  }

  #activate(activations: readonly Activation[]): void {
    this.#activations = activations;
    this.#state.activations.splice(0, Number.POSITIVE_INFINITY, ...activations);
  }

  #nextStretch(): void {
    this.#store.take(this.#state);
    this.#state = new BatchState(this.#store, this.#trees);
    this.#state.activations.push(...this.#activations);
    this.#played = 0;
  }

  /** Ends the lane: what became of everything is in its store. */
  end(): LaneStore {
    this.#nextStretch();
    return this.#store;
  }

  leases(): readonly Lease[] {
    return this.#store.leases();
  }
}

const decideByTree: Decider = (tree, input) => tree.decide(input);

/** The same trees, with decisions made by somebody else. */
function deciding(trees: TreeSource, decide: Decider): TreeSource {
  const known = new Map<ArbitrationTree, ArbitrationTree>();
  return {
    usable: (hash) => trees.usable(hash),
    treeOf: (hash) => {
      const tree = trees.treeOf(hash);
      const wrapped = known.get(tree) ?? { ...tree, decide: (input) => decide(tree, input) };
      known.set(tree, wrapped);
      return wrapped;
    },
  };
}

const NO_LIMITS: BudgetLimits = {
  uses: undefined,
  units: undefined,
  discount: undefined,
  points: undefined,
};
const BLOCK = blockBudget('');
/** Kinds that are decided when they come; of a return, the rest may be decided anew. */
const DECIDED: ReadonlySet<string> = new Set(['checkout', 'hold', 'trigger']);

/**
 * Decides as the ledger says it was decided: the past is not guessed, it is on record. Limits
 * were kept then, so budgets are only added up. `at` names the record at hand.
 */
export function decideAsRecorded(at: () => LedgerRecord | undefined): Decider {
  return (tree, input) => {
    const record = at();
    const isDecided = record !== undefined && DECIDED.has(record.kind);
    if (!isDecided || record.outcome.status === 'rejected') return tree.decide(input);
    const { decision } = record.outcome;
    if (!decision) return tree.decide(input);
    // The blocks of prepaid partners are charged again by the ledger itself.
    const usage = decision.usage.filter(({ key }) => !key.startsWith(BLOCK));
    for (const { scope, key } of usage) {
      if (scope === 'programme') input.usage.budget(key, NO_LIMITS);
    }
    return { ok: true, decision: { ...decision, usage } };
  };
}
