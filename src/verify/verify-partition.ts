import {
  type OpenBlock,
  openBlock,
  type PlacedRecord,
  placedRecordsOf,
} from '../../core/layout/block.ts';
import { readBudget, readLease } from '../../core/layout/lease.ts';
import { readMember } from '../../core/layout/member.ts';
import { transactionDigest } from '../../core/layout/transaction.ts';
import { belongingsDue } from '../../core/ledger/belongings.ts';
import type { Amounts } from '../../core/ledger/lease/amounts.ts';
import { letGoAt } from '../../core/ledger/lease/budget-book.ts';
import { balance, pendingPoints } from '../../core/ledger/lots.ts';
import { type Member, memberDue } from '../../core/ledger/member.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { belongingsKey } from '../../core/ledger/registry.ts';
import { dueName, idKey, sameBytes } from '../../core/ledger/state-reader.ts';
import {
  entriesOf,
  heldAccount,
  isMembers,
  memberAccount,
  pendingAccount,
  TRANSIT,
} from '../../core/ledger/transfer.ts';
import { instant } from '../../core/money/units.ts';
import { statusOf } from '../../core/outcome/render.ts';
import { sha256 } from '../../workers/batch/apply-batch.ts';
import type { LmdbStore } from '../../workers/store/lmdb-store.ts';
import type { Crossing } from './verify-crossing.ts';
import { memberProblems } from './verify-member.ts';

/** What one partition's ledger holds. */
export interface PartitionFigures {
  readonly partition: number;
  readonly records: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly blocks: number;
  readonly transfers: number;
  readonly members: number;
  /** Sum of what members own, by unit: balances and pending points. */
  readonly held: ReadonlyMap<string, number>;
  readonly crossing: Crossing;
}

/** A broken invariant, told so that a person can find it. */
export interface Violation {
  readonly partition: number;
  readonly what: string;
}

/** Violations told per partition; the count goes on. */
export const VIOLATIONS_TOLD_MAX = 20;

/**
 * Checks everything a partition's ledger promises, by reading all of it:
 * blocks are whole, chained and without gaps; every transaction is there once and found by its id;
 * entries balance; every member's balance is the sum of its entries, its lots, holds and tiers are
 * whole, and a tick will find it when time changes it. `visit` sees every record.
 */
export function verifyPartition(
  store: LmdbStore,
  visit: (record: LedgerRecord) => void = () => {},
): { readonly figures: PartitionFigures; readonly violations: readonly Violation[] } {
  const check = new PartitionCheck(store);
  for (const bytes of store.blocks()) check.block(bytes, visit);
  check.position();
  for (const bytes of store.members()) check.member(bytes);
  check.due();
  return check.result();
}

class PartitionCheck {
  readonly #store: LmdbStore;
  readonly #partition: number;
  readonly #violations: Violation[] = [];
  /** Sum of entries by account, then unit. */
  readonly #sums = new Map<string, Map<string, number>>();
  readonly #held = new Map<string, number>();
  #records = 0;
  #accepted = 0;
  #rejected = 0;
  #blocks = 0;
  #transfers = 0;
  #members = 0;
  #due = 0;
  #lastInstant = 0;
  /** Records of parked returns that have a final one. */
  #ended = 0;
  #hash = '';

  constructor(store: LmdbStore) {
    this.#store = store;
    this.#partition = store.meta().partition;
  }

  #violated(what: string): void {
    if (this.#violations.length < VIOLATIONS_TOLD_MAX) {
      this.#violations.push({ partition: this.#partition, what });
    }
  }

  block(bytes: Uint8Array, visit: (record: LedgerRecord) => void): void {
    const block = this.#opened(bytes);
    if (!block) return;
    this.#blocks += 1;
    for (const placed of placedRecordsOf(block)) {
      this.#record(placed, block.firstSequence);
      visit(placed.record);
    }
  }

  #opened(bytes: Uint8Array): OpenBlock | undefined {
    const next = this.#records + 1;
    let block: OpenBlock;
    try {
      block = openBlock(bytes);
    } catch (error) {
      this.#violated(`the block at sequence ${next} cannot be read: ${String(error)}`);
      return undefined;
    }
    const hash = sha256(block.hashed);
    if (!sameBytes(hash, block.hash)) {
      this.#violated(`the block at sequence ${block.firstSequence} differs from its hash`);
      return undefined;
    }
    const previous = this.#hash === '' ? '0'.repeat(64) : this.#hash;
    if (Buffer.from(block.previousHash).toString('hex') !== previous) {
      this.#violated(`the block at sequence ${block.firstSequence} does not follow the one before`);
    }
    if (block.firstSequence !== next) {
      this.#violated(
        `sequence ${next} is missing; the next block starts at ${block.firstSequence}`,
      );
    }
    this.#hash = hash.toString('hex');
    return block;
  }

  #record(placed: PlacedRecord, block: number): void {
    const { record } = placed;
    this.#records += 1;
    this.#lastInstant = Math.max(this.#lastInstant, record.acceptedAt);
    if (record.outcome.status === 'accepted') this.#accepted += 1;
    else this.#rejected += 1;
    this.#indexed(placed, block);
    for (const move of record.transfers) {
      this.#transfers += 1;
      const [debit, credit] = entriesOf(move);
      if (debit.amount + credit.amount !== 0 || move.points <= 0) {
        this.#violated(`an entry of ${record.id} does not balance`);
      }
      for (const { account, amount } of [debit, credit]) {
        const after = this.#add(account, move.unit, amount);
        if (!account.startsWith('member:') || after === move.balance) continue;
        const said = `says that ${account} holds ${move.balance} ${move.unit} after it`;
        this.#violated(`an entry of ${record.id} ${said}; the entries so far sum to ${after}`);
      }
    }
  }

  /** Every record is found under its id, or under its id and content when the id was taken. */
  #indexed({ record, offset }: PlacedRecord, block: number): void {
    const entry = this.#store.index(idKey(record.id));
    if (!entry) {
      this.#violated(`transaction ${record.id} is not in the index`);
      return;
    }
    if (entry.block === block && entry.offset === offset) {
      const { transaction } = record;
      if (transaction && !sameBytes(transactionDigest(transaction), entry.digest)) {
        this.#violated(`the content of ${record.id} differs from its digest`);
      }
      return;
    }
    const { outcome } = record;
    if (statusOf(outcome) === 'parked') {
      // It came to its end later; the index knows the final record.
      this.#ended += 1;
      return;
    }
    const reused = outcome.status === 'rejected' && outcome.reason === 'transaction-id-reused';
    if (!reused) this.#violated(`transaction ${record.id} is in the ledger twice`);
  }

  #add(account: string, unit: string, amount: number): number {
    const units = this.#sums.get(account) ?? new Map<string, number>();
    const after = (units.get(unit) ?? 0) + amount;
    units.set(unit, after);
    this.#sums.set(account, units);
    return after;
  }

  /** The ledger ends where the store says, and the index knows as many ids as there are records. */
  position(): void {
    const meta = this.#store.meta();
    if (meta.ledgerSequence !== this.#records) {
      this.#violated(
        `the ledger has ${this.#records} records, its position says ${meta.ledgerSequence}`,
      );
    }
    if (meta.blockHash !== this.#hash) this.#violated('the last block is not the one recorded');
    const indexed = this.#store.indexSize();
    const final = this.#records - this.#ended;
    if (indexed !== final) {
      this.#violated(`the index knows ${indexed} ids for ${final} records`);
    }
  }

  member(bytes: Uint8Array): void {
    const member = readMember(bytes);
    this.#members += 1;
    this.#holds(member);
    for (const what of memberProblems(member, instant(this.#lastInstant))) this.#violated(what);
    const dueAt = memberDue(member);
    if (dueAt !== undefined) {
      this.#due += 1;
      if (!this.#store.isDue({ member: member.id, dueAt })) {
        this.#violated(`no tick will find ${member.id} when time changes it`);
      }
    }
    this.#merged(member);
    for (const account of member.accounts.values()) {
      const { type } = account;
      this.#same(memberAccount(member.id), type, balance(account));
      this.#same(pendingAccount(member.id), type, pendingPoints(account));
      const total = balance(account) + pendingPoints(account);
      this.#held.set(type, (this.#held.get(type) ?? 0) + total);
    }
  }

  /** What a merged member took along is let go by a tick. */
  #merged({ id, standing }: Member): void {
    const key = belongingsKey(id);
    if (!this.#store.registered(key)) return;
    if (standing.kind !== 'merged') {
      this.#violated(`belongings of ${id} are kept, who is not merged`);
      return;
    }
    this.#due += 1;
    if (this.#store.isDue({ member: dueName(key), dueAt: belongingsDue(standing.at) })) return;
    this.#violated(`no tick will let go of what ${id} took along`);
  }

  /** The due index names members, parked returns, merges and budgets that end, and no other. */
  due(): void {
    const expected = this.#due + this.#store.meta().waiting.parked + this.#ends();
    const found = this.#store.dueSize();
    if (found !== expected) {
      this.#violated(`the due index has ${found} entries where ${expected} are due`);
    }
  }

  /** Budgets of a period, each of which a tick has to let go. */
  #ends(): number {
    let ends = 0;
    for (const [key, value] of this.#store.counters()) {
      const kept = key.startsWith('l|') ? readLease : key.startsWith('b|') ? readBudget : undefined;
      const dueAt = letGoAt(kept?.(value).until);
      if (dueAt === undefined) continue;
      ends += 1;
      if (this.#store.isDue({ member: dueName(key), dueAt })) continue;
      this.#violated(`no tick will let go of ${key}`);
    }
    return ends;
  }

  #crossing(): Crossing {
    const leases = new Map<string, Amounts>();
    const budgets = new Map<string, readonly (Amounts | undefined)[]>();
    for (const [key, value] of this.#store.counters()) {
      if (key.startsWith('l|')) {
        const { budget, granted } = readLease(value);
        leases.set(budget, granted);
      } else if (key.startsWith('b|')) {
        const { budget, shares } = readBudget(value);
        budgets.set(
          budget,
          shares.map(({ out, known }) => (known ? out : undefined)),
        );
      }
    }
    const transit = this.#sums.get(TRANSIT) ?? new Map<string, number>();
    const { relays } = this.#store.meta().waiting;
    return { partition: this.#partition, relays, transit, leases, budgets };
  }

  /** What holds keep aside is still the member's. */
  #holds(member: Member): void {
    const kept = new Map<string, number>();
    for (const hold of member.holds) {
      for (const { type, points } of hold.points) kept.set(type, (kept.get(type) ?? 0) + points);
    }
    for (const [type, points] of kept) {
      this.#same(heldAccount(member.id), type, points);
      this.#held.set(type, (this.#held.get(type) ?? 0) + points);
    }
  }

  #same(account: string, unit: string, held: number): void {
    const units = this.#sums.get(account);
    const entries = units?.get(unit) ?? 0;
    if (entries !== held) {
      this.#violated(`${account} holds ${held} ${unit} but its entries sum to ${entries}`);
    }
    units?.delete(unit);
  }

  result(): { figures: PartitionFigures; violations: Violation[] } {
    for (const [account, units] of this.#sums) {
      if (!isMembers(account)) continue;
      for (const [unit, sum] of units) {
        if (sum !== 0) this.#violated(`${account} has entries of ${sum} ${unit} but no balance`);
      }
    }
    const figures = {
      partition: this.#partition,
      records: this.#records,
      accepted: this.#accepted,
      rejected: this.#rejected,
      blocks: this.#blocks,
      transfers: this.#transfers,
      members: this.#members,
      held: this.#held,
      crossing: this.#crossing(),
    };
    return { figures, violations: this.#violations };
  }
}
