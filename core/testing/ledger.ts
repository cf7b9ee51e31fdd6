import { apply, applyFollowUp } from '../apply.ts';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import { assert, Bug, must } from '../assert.ts';
import { transactionDigest } from '../layout/transaction.ts';
import { BatchState } from '../ledger/batch-state.ts';
import type { FollowUp } from '../ledger/parked.ts';
import { newPartitionMeta } from '../ledger/partition-meta.ts';
import type { LedgerRecord } from '../ledger/record.ts';
import { idKey, type StateReader } from '../ledger/state-reader.ts';
import { entriesOf } from '../ledger/transfer.ts';
import { instant } from '../money/units.ts';
import { decodeTransaction } from '../transaction/decode.ts';

/** A store without anything in it. */
export const EMPTY_STORE: StateReader = {
  meta: () => newPartitionMeta(0, 1),
  member: () => undefined,
  index: () => undefined,
  record: () => {
    throw new Bug('an empty store has no records', []);
  },
  reversal: () => undefined,
  counter: () => undefined,
  registered: () => undefined,
  registeredFrom: () => [],
  due: () => [],
};

const NONE = new Uint8Array(16);

export const NOON = Date.UTC(2026, 0, 15, 12);

/** A ledger for tests in the language of the domain: `ledger.when({ kind: 'checkout', … })`. */
export class TestLedger {
  readonly records: LedgerRecord[] = [];
  readonly state: BatchState;
  /** When the next transaction is accepted. */
  now = NOON;

  readonly #trees = new Map<string, ArbitrationTree>();

  constructor(tree: ArbitrationTree) {
    this.state = new BatchState(EMPTY_STORE, {
      usable: (hash) => this.#trees.has(hash),
      treeOf: (hash) => must(this.#trees.get(hash), 'the test did not activate this version'),
    });
    this.#trees.set(tree.hash, tree);
    this.state.activate({ version: 1, hash: tree.hash, activeFrom: instant(0) });
  }

  /** Makes another version current from now on. */
  activate(version: number, tree: ArbitrationTree): void {
    this.#trees.set(tree.hash, tree);
    const activeFrom = instant(this.now);
    this.state.activate({ version, hash: tree.hash, activeFrom });
  }

  /** Applies one transaction, written as a sender would. */
  when(raw: Readonly<Record<string, unknown>>): LedgerRecord {
    const decoded = decodeTransaction(raw);
    if (!decoded.ok) throw new Bug('the test wrote a malformed transaction', [decoded.rejection]);
    const { transaction } = decoded;
    const sequence = this.records.length + 1;
    const acceptedAt = instant(this.now);
    const record = apply(this.state, transaction, {
      sequence,
      streamSequence: sequence,
      acceptedAt,
    });
    assert(record.kind !== 'waits', 'one partition holds all budgets: nobody waits');
    if (transaction.kind === 'quote') return record;
    this.records.push(record);
    const digest = transactionDigest(transaction);
    this.state.stage({ key: idKey(transaction.id), digest, record, from: 0, to: 0 });
    for (const next of this.state.followUps.splice(0)) this.#follow(next);
    return record;
  }

  #follow(next: FollowUp): void {
    const sequence = this.records.length + 1;
    const moment = { sequence, streamSequence: sequence, acceptedAt: instant(this.now) };
    const record = applyFollowUp(this.state, next, moment);
    this.records.push(record);
    const key = idKey(next.transaction.id);
    this.state.stage({ key, digest: this.state.digestOf(key) ?? NONE, record, from: 0, to: 0 });
  }

  /** The last record of a transaction id. */
  recordOf(id: string): LedgerRecord | undefined {
    return this.records.findLast((record) => record.id === id);
  }

  /** Sum of an account's entries in a unit: the truth that balances must equal. */
  entrySum(account: string, unit = 'main'): number {
    let sum = 0;
    for (const record of this.records) {
      for (const move of record.transfers) {
        if (move.unit !== unit) continue;
        for (const entry of entriesOf(move)) if (entry.account === account) sum += entry.amount;
      }
    }
    return sum;
  }
}
