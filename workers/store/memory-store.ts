import { readIndexEntry } from '../../core/layout/index-entry.ts';
import { newPartitionMeta, type PartitionMeta } from '../../core/ledger/partition-meta.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { DueMember, IndexEntry } from '../../core/ledger/state-reader.ts';
import type { Instant } from '../../core/money/units.ts';
import { recordOf } from './block-reading.ts';
import { type BatchWrites, dueKey, type PartitionStore, parseDueKey } from './partition-store.ts';

/** The partition store in memory: the simulation's, held to the same suite as LMDB's. */
export class MemoryStore implements PartitionStore {
  #meta: PartitionMeta;
  readonly #members = new Map<string, Uint8Array>();
  readonly #index = new Map<string, Uint8Array>();
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #reversals = new Map<string, Uint8Array>();
  readonly #counters = new Map<string, Uint8Array>();
  readonly #registry = new Map<string, Uint8Array>();
  readonly #due = new Set<string>();

  constructor(partition: number, partitions: number) {
    this.#meta = newPartitionMeta(partition, partitions);
  }

  meta(): PartitionMeta {
    return this.#meta;
  }

  member(id: string): Uint8Array | undefined {
    return this.#members.get(id);
  }

  index(key: string): IndexEntry | undefined {
    const bytes = this.#index.get(key);
    return bytes && readIndexEntry(bytes);
  }

  record(entry: IndexEntry): LedgerRecord {
    return recordOf(entry, (first) => this.#blocks.get(first));
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
    return [...this.#registry]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .slice(0, limit);
  }

  due(at: Instant, limit: number): readonly DueMember[] {
    return [...this.#due]
      .sort()
      .map(parseDueKey)
      .filter((due) => due.dueAt <= at)
      .slice(0, limit)
      .map(({ member, dueAt }) => ({ member, dueAt: dueAt as Instant })); // Written from instants.
  }

  block(firstSequence: number): Uint8Array | undefined {
    return this.#blocks.get(firstSequence);
  }

  blockAt(sequence: number): Uint8Array | undefined {
    const firsts = [...this.#blocks.keys()].sort((a, b) => a - b);
    const next = firsts.find((first) => first > sequence);
    const holding = firsts.findLast((first) => first <= sequence);
    const candidate = sequence > this.#meta.ledgerSequence ? undefined : (holding ?? next);
    return candidate === undefined ? undefined : this.#blocks.get(candidate);
  }

  write(writes: BatchWrites): void {
    this.#meta = writes.meta;
    if (writes.block) this.#blocks.set(writes.block.firstSequence, writes.block.bytes.slice());
    for (const [key, value] of writes.index) this.#index.set(key, value.slice());
    for (const [key, value] of writes.members) this.#members.set(key, value.slice());
    for (const [key, value] of writes.reversals) this.#reversals.set(key, value.slice());
    for (const [table, changes] of [
      [this.#counters, writes.counters],
      [this.#registry, writes.registry],
    ] as const) {
      for (const [key, value] of changes) {
        if (value === undefined) table.delete(key);
        else table.set(key, value.slice());
      }
    }
    for (const due of writes.dueRemoved) this.#due.delete(dueKey(due));
    for (const due of writes.dueAdded) this.#due.add(dueKey(due));
  }

  async close(): Promise<void> {}
}
