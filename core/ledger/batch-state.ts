import type { ArbitrationTree } from '../arbitration/tree.ts';
import { assert, must } from '../assert.ts';
import { BlockWriter } from '../layout/block.ts';
import { ByteWriter } from '../layout/bytes.ts';
import { readMember, writeMember } from '../layout/member.ts';
import { readReversal } from '../layout/reversal.ts';
import { writeTransaction } from '../layout/transaction.ts';
import type { Instant } from '../money/units.ts';
import type { RuleSetRef } from '../outcome/outcome.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { BudgetBook } from './lease/budget-book.ts';
import { WaitingRoom } from './lease/waiting-room.ts';
import { type Member, memberDue } from './member.ts';
import type { FollowUp } from './parked.ts';
import type { LedgerRecord } from './record.ts';
import type { Activation, ActiveRuleSet, LedgerState, Reversal, Waiting } from './state.ts';
import { type DueMember, dueName, idKey, type StateReader } from './state-reader.ts';

/** The compiled rule-set versions at hand. */
export interface TreeSource {
  /** True when the version can be used here. */
  usable(hash: string): boolean;
  /** Only for usable versions. */
  treeOf(hash: string): ArbitrationTree;
}

/** A record of this batch, to be staged under its key. */
export interface Staging {
  readonly key: string;
  readonly digest: Uint8Array;
  readonly record: LedgerRecord;
  /** Where the transaction's canonical bytes lie in `inputs`; the same twice if there are none. */
  readonly from: number;
  readonly to: number;
}

/**
 * What is kept of a record of this batch. A batch of thousands would keep all their objects alive,
 * which is what the collector pays for; so its bytes go into the block before long.
 */
export interface Staged {
  readonly key: string;
  readonly digest: Uint8Array;
  /** Of the record in the body of the batch's block; -1 until it is there. */
  offset: number;
}

/** Records that wait for being written into the block, at most: some dozen are written together. */
export const UNWRITTEN_RECORDS_MAX = 64;

/** Memory that one batch after the other may use: what the one before left in it is forgotten. */
export interface BatchMemory {
  readonly inputs: ByteWriter;
  readonly block: BlockWriter;
}

/** A member touched by this batch. `dueBefore` is what the store's due index still says. */
export interface StagedMember {
  readonly member: Member;
  readonly dueBefore: Instant | undefined;
  changed: boolean;
}

const SMALL_BYTES = 1024;

/**
 * The state of one partition while a batch is applied: the store's, with the changes of the
 * batch's earlier transactions on top. What it collects is written in one go, or not at all.
 */
export class BatchState implements LedgerState {
  readonly members = new Map<string, StagedMember>();
  readonly reversals = new Map<string, Reversal>();
  readonly registry = new Map<string, Uint8Array | undefined>();
  readonly waiting: Waiting;
  readonly partition: number;
  readonly budgets: BudgetBook;
  readonly waitingRoom: WaitingRoom;
  readonly staged = new Map<string, Staged>();
  readonly #unwritten: (Staging & { readonly staged: Staged })[] = [];
  readonly followUps: FollowUp[] = [];
  /** What is due beside members: named by a text that no member can be. */
  readonly scheduled = new Map<string, DueMember>();
  readonly unscheduled = new Map<string, DueMember>();
  /** Canonical bytes of the batch's transactions: made once, for the digest and for the block. */
  readonly inputs: ByteWriter;
  readonly activations: Activation[];
  readonly #reader: StateReader;
  readonly #trees: TreeSource;
  readonly #absent = new Set<string>();
  #block: BlockWriter | undefined;
  #active: ActiveRuleSet | undefined;
  /** Of how many activations `#active` is the last. */
  #activeOf = -1;

  /** States that stage little or nothing (questions, views, tests) need no `memory`. */
  constructor(reader: StateReader, trees: TreeSource, memory?: BatchMemory) {
    memory?.inputs.reset();
    memory?.block.reset();
    this.inputs = memory?.inputs ?? new ByteWriter(SMALL_BYTES);
    this.#block = memory?.block;
    const meta = reader.meta();
    this.#reader = reader;
    this.#trees = trees;
    this.partition = meta.partition;
    this.waiting = { ...meta.waiting };
    const schedule = {
      schedule: (key: string, at: Instant) => this.schedule(dueName(key), at),
      unschedule: (key: string, at: Instant) => this.unschedule(dueName(key), at),
    };
    this.budgets = new BudgetBook({ reader, schedule }, meta, meta.leaseRecalls);
    this.waitingRoom = new WaitingRoom(reader, this.budgets, meta.leaseWaits);
    this.activations = [...meta.activations];
  }

  /** The batch's records, in their order. */
  get block(): BlockWriter {
    this.#block ??= new BlockWriter(SMALL_BYTES);
    return this.#block;
  }

  active(): ActiveRuleSet | undefined {
    if (this.#activeOf !== this.activations.length) {
      this.#active = this.#resolve(this.activations.at(-1));
      this.#activeOf = this.activations.length;
    }
    return this.#active;
  }

  activeAt(at: Instant): ActiveRuleSet | undefined {
    const current = this.activations.findLast((activation) => activation.activeFrom <= at);
    return this.#resolve(current ?? this.activations[0]);
  }

  #resolve(activation: Activation | undefined): ActiveRuleSet | undefined {
    if (!activation) return undefined;
    const { version, hash } = activation;
    return { version, hash, tree: this.#trees.treeOf(hash) };
  }

  versionOf(ref: RuleSetRef | undefined): ActiveRuleSet | undefined {
    if (!ref || !this.#trees.usable(ref.hash)) return undefined;
    return { ...ref, tree: this.#trees.treeOf(ref.hash) };
  }

  activate(activation: Activation): boolean {
    if (!this.#trees.usable(activation.hash)) return false;
    this.activations.push(activation);
    return true;
  }

  member(id: string): Member | undefined {
    const staged = this.members.get(id);
    if (staged) return staged.member;
    if (this.#absent.has(id)) return undefined;
    const bytes = this.#reader.member(id);
    if (!bytes) {
      this.#absent.add(id);
      return undefined;
    }
    const member = readMember(bytes);
    this.members.set(id, { member, dueBefore: memberDue(member), changed: false });
    return member;
  }

  memberCopy(id: string): Member | undefined {
    const staged = this.members.get(id);
    // As long as nobody changed it, the store's bytes are the copy.
    if (!staged?.changed && !this.#absent.has(id)) {
      const bytes = this.#reader.member(id);
      if (bytes) return readMember(bytes);
    }
    const member = this.member(id);
    if (!member) return undefined;
    const writer = new ByteWriter(1024);
    writeMember(writer, member);
    return readMember(writer.view());
  }

  putMember(member: Member): void {
    const known = this.members.get(member.id);
    if (known?.member === member) {
      known.changed = true;
      return;
    }
    this.#absent.delete(member.id);
    this.members.set(member.id, { member, dueBefore: known?.dueBefore, changed: true });
  }

  recorded(id: string): LedgerRecord | undefined {
    return this.recordUnder(idKey(id));
  }

  reversal(checkout: string): Reversal | undefined {
    const staged = this.reversals.get(checkout);
    if (staged) return staged;
    const bytes = this.#reader.reversal(checkout);
    return bytes && readReversal(bytes);
  }

  putReversal(reversal: Reversal): void {
    this.reversals.set(reversal.checkout, reversal);
  }

  registered(key: string): Uint8Array | undefined {
    return this.registry.has(key) ? this.registry.get(key) : this.#reader.registered(key);
  }

  registeredFrom(prefix: string, limit: number): readonly (readonly [string, Uint8Array])[] {
    const mine = [...this.registry].filter(([key]) => key.startsWith(prefix));
    const struck = mine.filter(([, value]) => value === undefined).length;
    const merged = new Map<string, Uint8Array | undefined>([
      ...this.#reader.registeredFrom(prefix, limit + struck),
      ...mine,
    ]);
    const found: (readonly [string, Uint8Array])[] = [];
    for (const key of [...merged.keys()].sort()) {
      const value = merged.get(key);
      if (value !== undefined && found.length < limit) found.push([key, value]);
    }
    return found;
  }

  register(key: string, value: Uint8Array | undefined): void {
    this.registry.set(key, value);
  }

  due(at: Instant, limit: number): readonly string[] {
    // Members of this batch may have moved in the order, so they are judged by what they are now.
    const stored = this.#reader
      .due(at, limit + this.members.size + this.unscheduled.size)
      .filter((due) => !this.members.has(due.member) && !this.unscheduled.has(due.member));
    const touched: DueMember[] = [];
    for (const { member } of this.members.values()) {
      const dueAt = memberDue(member);
      if (dueAt !== undefined && dueAt <= at) touched.push({ member: member.id, dueAt });
    }
    const others = [...this.scheduled.values()].filter(({ dueAt }) => dueAt <= at);
    return [...stored, ...touched, ...others]
      .sort((a, b) => a.dueAt - b.dueAt || (a.member < b.member ? -1 : 1))
      .slice(0, limit)
      .map((due) => due.member);
  }

  schedule(name: string, dueAt: Instant): void {
    this.scheduled.set(name, { member: name, dueAt });
  }

  unschedule(name: string, dueAt: Instant): void {
    if (!this.scheduled.delete(name)) this.unscheduled.set(name, { member: name, dueAt });
  }

  /** Writes a transaction's canonical bytes behind those of the batch so far. */
  writeInput(transaction: Transaction): void {
    writeTransaction(this.inputs, transaction);
  }

  /** Members whose record has to be written. */
  changedMembers(): readonly StagedMember[] {
    return [...this.members.values()].filter((staged) => staged.changed);
  }

  /** A second record under a key takes the place of the first in the index. */
  stage(staging: Staging): void {
    const { key, digest } = staging;
    assert(key !== '', 'a record needs a key');
    if (this.#unwritten.length >= UNWRITTEN_RECORDS_MAX) this.writeStaged();
    const staged = { key, digest, offset: -1 };
    this.staged.set(key, staged);
    this.#unwritten.push({ ...staging, staged });
  }

  /** How many records were staged. */
  get recordCount(): number {
    return (this.#block?.count ?? 0) + this.#unwritten.length;
  }

  /** Writes the records that wait into the block. */
  writeStaged(): void {
    for (const { record, from, to, staged } of this.#unwritten) {
      const hasBytes = record.transaction !== undefined && to > from;
      const input = hasBytes ? { writer: this.inputs, from, to } : undefined;
      staged.offset = this.block.add(record, input);
    }
    this.#unwritten.length = 0;
  }

  /** The digest under an index key, of this batch or of the store. */
  digestOf(key: string): Uint8Array | undefined {
    return this.staged.get(key)?.digest ?? this.storedDigestOf(key);
  }

  /** The digest under an index key in the store, whatever this batch has changed. */
  storedDigestOf(key: string): Uint8Array | undefined {
    return this.#reader.index(key)?.digest;
  }

  recordOf(staged: Staged): LedgerRecord {
    if (staged.offset >= 0) return this.block.recordAt(staged.offset);
    const waiting = this.#unwritten.find((each) => each.staged === staged);
    return must(waiting, 'a staged record is lost').record;
  }

  /** The record under an index key, of this batch or of the store. */
  recordUnder(key: string): LedgerRecord | undefined {
    const staged = this.staged.get(key);
    if (staged) return this.recordOf(staged);
    const entry = this.#reader.index(key);
    return entry && this.#reader.record(entry);
  }
}
