import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { assert, must } from '../../core/assert.ts';
import { ByteWriter } from '../../core/layout/bytes.ts';
import { readIndexEntry } from '../../core/layout/index-entry.ts';
import { readMeta, writeMeta } from '../../core/layout/meta.ts';
import { newPartitionMeta, type PartitionMeta } from '../../core/ledger/partition-meta.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { DueMember, IndexEntry } from '../../core/ledger/state-reader.ts';
import type { Instant } from '../../core/money/units.ts';
import { failPoint } from '../fail-point.ts';
import { recordOf } from './block-reading.ts';
import { bytesOfEntries, type Entries, PackedEntries } from './packed-entries.ts';
import { type BatchWrites, dueKey, type PartitionStore, parseDueKey } from './partition-store.ts';
import { bytesNeeded, FREE_BYTES_RESERVE, requireDisk, requireStore } from './room.ts';

/** Size up to which the store of one partition may grow; a write beyond it is refused. */
export const MAP_BYTES_DEFAULT = 64 * 2 ** 30;

type Bytes = Database<Buffer, string>;
type Sequenced = Database<Buffer, number>;

/**
 * One partition in an LMDB environment of its own.
 *
 * Every write is one synchronous, fully synced LMDB transaction (`overlappingSync: false`): when
 * it returns it is on the disk, and nothing that is not on the disk is ever visible to a reader
 * of this process. That answers the traps of "visible but not durable" by having no such state;
 * `docs/adr/0002-durable-means-committed.md` has the measurements.
 */
export class LmdbStore implements PartitionStore {
  readonly #root: RootDatabase<Buffer, string>;
  readonly #members: Bytes;
  readonly #index: Bytes;
  readonly #blocks: Sequenced;
  readonly #reversals: Bytes;
  readonly #counters: Bytes;
  readonly #registry: Bytes;
  readonly #due: Database<Buffer, string>;
  readonly #meta: Bytes;
  readonly #fresh: PartitionMeta;
  /** Where the partition stood when that was last read or written here, and its bytes. */
  #known: { readonly bytes: Buffer; readonly meta: PartitionMeta } | undefined;
  readonly #path: string;
  readonly #mapBytes: number;
  readonly #freeBytes: number;
  readonly #writer = new ByteWriter(1024);

  constructor(options: {
    readonly path: string;
    readonly partition: number;
    readonly partitions: number;
    readonly mapBytes?: number;
    /** Bytes that stay free on the disk; a write that would need them is refused. */
    readonly freeBytes?: number;
    readonly readOnly?: boolean;
  }) {
    const { path, mapBytes = MAP_BYTES_DEFAULT, freeBytes = FREE_BYTES_RESERVE } = options;
    this.#path = path;
    this.#mapBytes = mapBytes;
    this.#freeBytes = freeBytes;
    if (!options.readOnly) mkdirSync(options.path, { recursive: true, mode: 0o700 });
    this.#root = open<Buffer, string>({
      path: options.path,
      noSubdir: false,
      encoding: 'binary',
      overlappingSync: false,
      mapSize: mapBytes,
      maxDbs: 16,
      noMemInit: true,
      readOnly: options.readOnly ?? false,
    });
    const table = { encoding: 'binary' as const };
    this.#members = this.#root.openDB<Buffer, string>('members', table);
    this.#index = this.#root.openDB<Buffer, string>('index', table);
    this.#blocks = this.#root.openDB<Buffer, number>('blocks', table);
    this.#reversals = this.#root.openDB<Buffer, string>('reversals', table);
    this.#counters = this.#root.openDB<Buffer, string>('counters', table);
    this.#registry = this.#root.openDB<Buffer, string>('registry', table);
    this.#due = this.#root.openDB<Buffer, string>('due', table);
    this.#meta = this.#root.openDB<Buffer, string>('meta', table);
    this.#fresh = newPartitionMeta(options.partition, options.partitions);
  }

  /**
   * Has the next reads see all that is committed by now. Reads of one turn of the event loop share
   * a snapshot, and a thread may have several tasks in a turn: without this, a later one would
   * miss what other threads wrote since the first.
   */
  seeLatest(): void {
    this.#root.resetReadTxn();
  }

  /** The same object as before as long as nothing was written: each write changes it. */
  meta(): PartitionMeta {
    const bytes = fast(this.#meta, 'meta');
    if (!bytes) return this.#fresh;
    if (!this.#known?.bytes.equals(bytes)) this.#know(bytes);
    return must(this.#known, 'the position was just read').meta;
  }

  #know(bytes: Uint8Array): void {
    const kept = Buffer.from(bytes);
    this.#known = { bytes: kept, meta: readMeta(kept) };
  }

  member(id: string): Uint8Array | undefined {
    return fast(this.#members, id);
  }

  index(key: string): IndexEntry | undefined {
    const bytes = fast(this.#index, key);
    // A copy, because the digest is kept: a buffer's own `slice` would be a view of shared bytes.
    return bytes && readIndexEntry(new Uint8Array(bytes));
  }

  record(entry: IndexEntry): LedgerRecord {
    // The block is decoded at once, so that a view of it will do: blocks are large.
    return recordOf(entry, (first) => fast(this.#blocks, first));
  }

  reversal(checkout: string): Uint8Array | undefined {
    return this.#reversals.get(checkout);
  }

  counter(key: string): Uint8Array | undefined {
    return this.#counters.get(key);
  }

  registered(key: string): Uint8Array | undefined {
    return this.#registry.get(key);
  }

  registeredFrom(prefix: string, limit: number): readonly (readonly [string, Uint8Array])[] {
    const found: (readonly [string, Uint8Array])[] = [];
    for (const { key, value } of this.#registry.getRange({ start: prefix, limit })) {
      if (!key.startsWith(prefix)) break;
      found.push([key, value]);
    }
    return found;
  }

  due(at: Instant, limit: number): readonly DueMember[] {
    const found: DueMember[] = [];
    for (const key of this.#due.getKeys({ limit })) {
      const { dueAt, member } = parseDueKey(key);
      if (dueAt > at) break;
      found.push({ member, dueAt: dueAt as Instant }); // Written from an instant.
    }
    return found;
  }

  /** True when a tick will find the member at this instant. */
  isDue(due: DueMember): boolean {
    return this.#due.doesExist(dueKey(due));
  }

  /** How many entries the due index has. */
  dueSize(): number {
    return this.#due.getKeysCount({});
  }

  /** All counters, leases and budgets among them. Read without a pause, they are one snapshot. */
  *counters(): Generator<readonly [key: string, value: Uint8Array]> {
    for (const { key, value } of this.#counters.getRange({})) yield [key, value];
  }

  block(firstSequence: number): Uint8Array | undefined {
    return this.#blocks.get(firstSequence);
  }

  blockAt(sequence: number): Uint8Array | undefined {
    if (sequence > this.meta().ledgerSequence) return undefined;
    for (const { value } of this.#blocks.getRange({ start: sequence, reverse: true, limit: 1 })) {
      return value;
    }
    for (const { value } of this.#blocks.getRange({ start: sequence, limit: 1 })) return value;
    return undefined;
  }

  /** All ledger blocks in order. Read without a pause, they are one snapshot. */
  *blocks(): Generator<Uint8Array> {
    for (const { value } of this.#blocks.getRange({})) yield value;
  }

  /** All members' records. Read without a pause, they are one snapshot. */
  *members(): Generator<Uint8Array> {
    for (const { value } of this.#members.getRange({})) yield value;
  }

  /** How many ids the index knows. */
  indexSize(): number {
    return this.#index.getKeysCount({});
  }

  /** Throws `NoRoom` before anything is written when the disk or the store is too full. */
  write(writes: BatchWrites): void {
    const needed = bytesNeeded(...sizeOf(writes));
    requireDisk(this.#path, needed, this.#freeBytes);
    requireStore(this.#path, needed, this.#mapBytes);
    this.#root.transactionSync(() => {
      this.#requireUnchanged();
      putAll(this.#members, writes.members);
      putAll(this.#index, writes.index);
      putAll(this.#reversals, writes.reversals);
      for (const [table, changes] of [
        [this.#counters, writes.counters],
        [this.#registry, writes.registry],
      ] as const) {
        for (const [key, value] of changes) {
          if (value === undefined) void table.remove(key);
          else put(table, key, value);
        }
      }
      for (const due of writes.dueRemoved) this.#due.remove(dueKey(due));
      for (const due of writes.dueAdded) put(this.#due, dueKey(due), NOTHING);
      if (writes.block) {
        put(this.#blocks, writes.block.firstSequence, writes.block.bytes);
      }
      this.#writer.reset();
      writeMeta(this.#writer, writes.meta);
      put(this.#meta, 'meta', this.#writer.view());
      if (writes.block) failPoint('batch-writing');
    });
    this.#know(this.#writer.view());
  }

  /** A batch that was decided on what is no longer there would undo what others wrote since. */
  #requireUnchanged(): void {
    const stored = this.#meta.get('meta');
    const known = this.#known?.bytes;
    const isSame = stored && known ? stored.equals(known) : stored === known;
    assert(isSame, 'a batch was decided on an older state than it would be written to', this.#path);
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

/**
 * A view of a shared buffer, valid until the next read: callers decode at once. Its `length` is
 * right but its iterator sees all of the buffer, hence the cut.
 */
function fast<K extends string | number>(table: Database<Buffer, K>, key: K): Buffer | undefined {
  const shared = table.getBinaryFast(key);
  return shared?.subarray(0, shared.length);
}

/** Entries and bytes of a write. */
function sizeOf(writes: BatchWrites): [entries: number, bytes: number] {
  const { members, index, reversals, counters, registry, dueRemoved, dueAdded, block } = writes;
  let entries = 2 + dueRemoved.length + dueAdded.length + registry.length + counters.length;
  let bytes = block?.bytes.length ?? 0;
  for (const table of [members, index, reversals]) {
    entries += table.length;
    bytes += bytesOfEntries(table);
  }
  for (const [key, value] of counters) bytes += key.length + (value?.length ?? 0);
  for (const [key, value] of registry) bytes += key.length + (value?.length ?? 0);
  return [entries, bytes];
}

const NOTHING = new Uint8Array(0);

/** Inside `transactionSync` a put is synchronous; its promise is already settled. */
function put<K extends string | number>(table: Database<Buffer, K>, key: K, value: Uint8Array) {
  void table.put(key, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
}

/** Bytes of which lmdb-js puts those from `start` to `end`, as its encoders hand them over. */
interface Cut extends Uint8Array {
  start: number;
  end: number;
}

/**
 * Puts packed entries without a buffer for each: making one, and asking for its address, costs
 * more than the put.
 */
function putAll(table: Bytes, entries: Entries): void {
  if (!(entries instanceof PackedEntries)) {
    for (const [key, value] of entries) put(table, key, value);
    return;
  }
  const { keys, bytes } = entries;
  const cut = Object.assign(bytes, { start: 0, end: 0 }) satisfies Cut;
  for (let place = 0; place < keys.length; place += 1) {
    cut.start = cut.end;
    cut.end = entries.endOf(place);
    // Its types know of whole buffers only.
    void table.put(keys[place] ?? '', cut as unknown as Buffer);
  }
}
