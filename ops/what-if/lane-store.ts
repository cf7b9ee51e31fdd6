import { must } from '../../core/assert.ts';
import { ByteWriter } from '../../core/layout/bytes.ts';
import { readLease } from '../../core/layout/lease.ts';
import { writeMember } from '../../core/layout/member.ts';
import { writeReversal } from '../../core/layout/reversal.ts';
import type { BatchState } from '../../core/ledger/batch-state.ts';
import type { Lease } from '../../core/ledger/lease/lease.ts';
import { memberDue } from '../../core/ledger/member.ts';
import { newPartitionMeta, type PartitionMeta } from '../../core/ledger/partition-meta.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import {
  type DueMember,
  type IndexEntry,
  idKey,
  type StateReader,
} from '../../core/ledger/state-reader.ts';
import type { Instant } from '../../core/money/units.ts';
import { DueIndex } from './due-index.ts';

/** What takes an entry out that the layer below has. */
type Change = Uint8Array | undefined;

/** Here there are no blocks: the entry names its record by the key. */
interface KeyedEntry extends IndexEntry {
  readonly key: string;
}

const NO_DIGEST = new Uint8Array(16);
const LEASE = 'l|';

/**
 * The state of one lane in memory, as bytes. A fork reads through to what it was forked from, so
 * that two lanes share their past and neither sees what becomes of the other.
 */
export class LaneStore implements StateReader {
  readonly #below: LaneStore | undefined;
  readonly #kept: ReadonlySet<string>;
  readonly #members = new Map<string, Uint8Array>();
  readonly #reversals = new Map<string, Uint8Array>();
  readonly #counters = new Map<string, Change>();
  readonly #registry = new Map<string, Change>();
  readonly #records = new Map<string, LedgerRecord>();
  readonly #due: DueIndex;
  #meta: PartitionMeta;

  /** `kept`: ids of transactions that others name later; no other record is remembered. */
  constructor(kept: ReadonlySet<string>, below?: LaneStore) {
    this.#kept = kept;
    this.#below = below;
    this.#due = below ? below.#due.copy() : new DueIndex();
    this.#meta = below ? below.#meta : newPartitionMeta(0, 1);
  }

  /** A layer of its own over this one, which must not change any more. */
  fork(): LaneStore {
    return new LaneStore(this.#kept, this);
  }

  meta(): PartitionMeta {
    return this.#meta;
  }

  member(id: string): Uint8Array | undefined {
    return this.#members.get(id) ?? this.#below?.member(id);
  }

  /** Every input comes once, so only what others name has to be found again. */
  index(key: string): KeyedEntry | undefined {
    return this.#recordUnder(key) && { digest: NO_DIGEST, block: 0, offset: 0, key };
  }

  record(entry: IndexEntry & Partial<KeyedEntry>): LedgerRecord {
    return must(this.#recordUnder(entry.key ?? ''), 'an index entry without its record');
  }

  #recordUnder(key: string): LedgerRecord | undefined {
    const own = this.#records.get(key);
    return own || !this.#below ? own : this.#below.#recordUnder(key);
  }

  reversal(checkout: string): Uint8Array | undefined {
    return this.#reversals.get(checkout) ?? this.#below?.reversal(checkout);
  }

  counter(key: string): Uint8Array | undefined {
    return this.#counters.has(key) ? this.#counters.get(key) : this.#below?.counter(key);
  }

  registered(key: string): Uint8Array | undefined {
    return this.#registry.has(key) ? this.#registry.get(key) : this.#below?.registered(key);
  }

  registeredFrom(prefix: string, limit: number): readonly (readonly [string, Uint8Array])[] {
    const found = new Map<string, Change>();
    for (const layer of this.#layers()) {
      for (const [key, value] of layer.#registry) if (key.startsWith(prefix)) found.set(key, value);
    }
    return [...found]
      .flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .slice(0, limit);
  }

  due(at: Instant, limit: number): readonly DueMember[] {
    return this.#due.until(at, limit);
  }

  /** From the lowest up. */
  #layers(): readonly LaneStore[] {
    return this.#below ? [...this.#below.#layers(), this] : [this];
  }

  /** What was spent of each shared budget. */
  leases(): readonly Lease[] {
    const found = new Map<string, Change>();
    for (const layer of this.#layers()) {
      for (const [key, value] of layer.#counters) if (key.startsWith(LEASE)) found.set(key, value);
    }
    return [...found.values()].flatMap((bytes) => (bytes ? [readLease(bytes)] : []));
  }

  /** Keeps a record for those who name it later. */
  remember(record: LedgerRecord): void {
    if (this.#kept.has(record.id)) this.#records.set(idKey(record.id), record);
  }

  /** `key` of an index: of a used id, or of what was refused under one. */
  #isKept(key: string): boolean {
    const id = key.slice(1);
    return key === idKey(id) && this.#kept.has(id);
  }

  /** Takes over what a stretch of the re-run has changed. */
  take(state: BatchState): void {
    for (const { member, dueBefore } of state.changedMembers()) {
      this.#members.set(
        member.id,
        bytesOf((to) => writeMember(to, member)),
      );
      const dueAt = memberDue(member);
      if (dueAt === dueBefore) continue;
      if (dueBefore !== undefined) this.#due.remove({ member: member.id, dueAt: dueBefore });
      if (dueAt !== undefined) this.#due.add({ member: member.id, dueAt });
    }
    for (const due of state.unscheduled.values()) this.#due.remove(due);
    for (const due of state.scheduled.values()) this.#due.add(due);
    for (const reversal of state.reversals.values()) {
      const bytes = bytesOf((to) => writeReversal(to, reversal));
      this.#reversals.set(reversal.checkout, bytes);
    }
    for (const [key, value] of state.budgets.changes()) this.#counters.set(key, value);
    for (const [key, value] of state.registry) this.#registry.set(key, value);
    for (const staged of state.staged.values()) {
      if (this.#isKept(staged.key)) this.remember(state.recordOf(staged));
    }
    this.#meta = { ...this.#meta, waiting: { ...state.waiting } };
  }
}

const scratch = new ByteWriter(1024);

function bytesOf(write: (writer: ByteWriter) => void): Uint8Array {
  scratch.reset();
  write(scratch);
  return scratch.copy();
}
