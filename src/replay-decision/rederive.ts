import { must } from '../../core/assert.ts';
import { foldConsequence, nextConsequence } from '../../core/consequences.ts';
import { fold } from '../../core/fold.ts';
import { openBlock, recordsOf, writeBlock } from '../../core/layout/block.ts';
import { BatchState, type TreeSource } from '../../core/ledger/batch-state.ts';
import { receive } from '../../core/ledger/lease/lease.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { Moment } from '../../core/ledger/state.ts';
import { instant } from '../../core/money/units.ts';
import type { RuleSetRef } from '../../core/outcome/outcome.ts';
import type { TransactionKind } from '../../core/transaction/transaction.ts';
import type { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { MemoryStore } from '../../workers/store/memory-store.ts';
import { Fault } from '../fault.ts';

/** Records that are folded again for one decision; they are kept in memory. */
export const RECORDS_FOLDED_MAX = 500_000;

/** What belongs to one member alone. Everything else is folded whoever it is about. */
const PERSONAL: readonly (TransactionKind | 'unreadable')[] = [
  'checkout',
  'hold',
  'capture',
  'release',
  'return',
  'cancel',
  'deliver',
  'trigger',
  'adjust',
  'enrol',
];

export interface Rederived {
  /** What the engine decides for the transaction, given what was so at that time. */
  readonly record: LedgerRecord;
  /** Records that were folded to get there. */
  readonly folded: number;
  /** True when the member's records on the way, and this one, came out byte by byte as recorded. */
  readonly isFaithful: boolean;
}

interface Asked {
  readonly store: LmdbStore;
  readonly trees: TreeSource;
  /** The record to come to. */
  readonly target: LedgerRecord;
  /** Decides the transaction instead of the version that did. */
  readonly version?: RuleSetRef | undefined;
}

/**
 * Comes to a decision again. The ledger keeps no copy of the balances, tiers and budgets that a
 * decision saw; it keeps what made them. So the partition's ledger is folded again up to the
 * transaction: first only what can concern its member, and where that does not bring the
 * recorded bytes, because members share a budget, all of it.
 */
export function rederive(asked: Asked): Rederived {
  if (!sharesBudgets(asked)) {
    const alone = attempt(asked, (record) => isOf(record, asked.target));
    if (alone?.isFaithful) return alone;
  }
  return must(
    attempt(asked, () => true),
    'the ledger ends before its own record',
  );
}

function isOf(record: LedgerRecord, { id, member }: LedgerRecord): boolean {
  if (!PERSONAL.includes(record.kind)) return true;
  return record.id === id || (member !== '' && record.member === member);
}

function sharesBudgets({ store, target }: Asked): boolean {
  for (const record of recordsUpTo(store, target)) if (record.kind === 'lease') return true;
  return false;
}

function* recordsUpTo(store: LmdbStore, { sequence }: LedgerRecord): Generator<LedgerRecord> {
  for (const bytes of store.blocks()) {
    for (const record of recordsOf(openBlock(bytes))) {
      if (record.sequence > sequence) return;
      yield record;
    }
  }
}

/** `undefined` when the transaction was not decided on the way, or an invariant broke. */
function attempt(asked: Asked, concerns: (record: LedgerRecord) => boolean): Rederived | undefined {
  const { store, target } = asked;
  const folding = new Folding(asked);
  let folded = 0;
  for (const record of recordsUpTo(store, target)) {
    if (!concerns(record)) continue;
    folded += 1;
    if (folded > RECORDS_FOLDED_MAX) throw tooLong(target);
    if (record.sequence === target.sequence) folding.decideBy(asked.version);
    folding.take(record);
  }
  const record = folding.made.get(target.id);
  return record && { record, folded, isFaithful: folding.isFaithful };
}

class Folding {
  /** What came out for the member's transactions, by id. */
  readonly made = new Map<string, LedgerRecord>();
  isFaithful = true;
  readonly #state: BatchState;
  readonly #target: LedgerRecord;
  readonly #partition: number;
  #before: Moment | undefined;
  #isOther = false;

  constructor({ store, trees, target }: Asked) {
    const { partition, partitions } = store.meta();
    this.#partition = partition;
    this.#target = target;
    this.#state = new BatchState(new MemoryStore(partition, partitions), trees);
  }

  /** From here on another version is current, whatever the log said. */
  decideBy(version: RuleSetRef | undefined): void {
    if (!version) return;
    this.#isOther = true;
    const { activations } = this.#state;
    // One more than before, because the state notices an activation by their number.
    const always = activations.map(() => ({ ...version, activeFrom: instant(0) }));
    const [first = { ...version, activeFrom: instant(0) }] = always;
    activations.splice(0, activations.length, first, ...always);
  }

  take(record: LedgerRecord): void {
    const { transaction, sequence, streamSequence, acceptedAt } = record;
    const moment = { sequence, streamSequence, acceptedAt };
    // What a message set off was folded behind all of its transactions.
    if (this.#before && this.#before.streamSequence !== streamSequence) this.#setOff(this.#before);
    this.#before = moment;
    // Refusals of what could not be decoded changed nothing here, nor did letters to others.
    if (!transaction) return;
    if (transaction.kind === 'lease' && transaction.to !== this.#partition) return;
    const folded = fold(this.#state, { ok: true, transaction }, moment);
    if (folded.kind === 'recorded') {
      for (const one of [folded.record, ...folded.followUps]) this.#keep(one);
    } else if (folded.kind === 'waits') {
      this.#endWaits();
      this.#setOff(moment);
    }
    this.#compare(record);
  }

  #keep(record: LedgerRecord): void {
    const { id, member } = this.#target;
    if (record.id === id || (member !== '' && record.member === member)) {
      this.made.set(record.id, record);
    }
  }

  #compare(record: LedgerRecord): void {
    if (this.#isOther) return;
    const made = this.made.get(record.id);
    if (made && made.sequence === record.sequence && !sameRecord(made, record)) {
      this.isFaithful = false;
    }
  }

  /**
   * Where a record stands in the ledger its wait was over. Under its own version no answer had
   * come in time; another version's budget is taken as one that nobody has used elsewhere.
   */
  #endWaits(): void {
    const { budgets, waitingRoom } = this.#state;
    for (const budget of this.#isOther ? [...waitingRoom.budgets] : []) {
      const lease = must(budgets.find(budget), 'a checkout waits for a lease');
      const [uses = 0, units = 0, discount = 0, points = 0] = lease.limits;
      const amounts = [uses, units, discount, points] as const;
      receive(lease, { amounts, exhausted: true, at: instant(0) });
      waitingRoom.release(lease);
    }
    waitingRoom.losePatience(instant(Number.MAX_SAFE_INTEGER));
  }

  /** Letters are on record themselves, also those that a partition sends to itself. */
  #setOff(moment: Moment): void {
    for (;;) {
      const next = nextConsequence(this.#state, moment.acceptedAt);
      if (!next) return;
      if (next.kind === 'letter') continue;
      for (const record of foldConsequence(this.#state, next, moment)) this.#keep(record);
    }
  }
}

/** Byte by byte, as the ledger keeps them. */
export function sameRecord(left: LedgerRecord, right: LedgerRecord): boolean {
  return Buffer.compare(bytesOf(left), bytesOf(right)) === 0;
}

function bytesOf(record: LedgerRecord): Uint8Array {
  const header = { partition: 0, epoch: 0, previousHash: new Uint8Array(32) };
  return writeBlock(header, [record]).bytes.slice();
}

function tooLong({ id }: LedgerRecord): Fault {
  const message = `more than ${RECORDS_FOLDED_MAX} records lead to this decision`;
  return new Fault('too-long-to-replay', message, { retry: 'no', facts: { transaction: id } });
}
