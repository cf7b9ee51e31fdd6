import type { PartitionMeta } from '../../core/ledger/partition-meta.ts';
import type { DueMember, StateReader } from '../../core/ledger/state-reader.ts';
import type { Entries } from './packed-entries.ts';

/**
 * Everything one batch changes, as bytes. Written in one go, or not at all. The bytes stay what
 * they are until the next batch is applied: a batch is written, or given up, before that.
 */
export interface BatchWrites {
  readonly meta: PartitionMeta;
  /** The ledger block with its hash; `undefined` when the batch recorded nothing. */
  readonly block: { readonly firstSequence: number; readonly bytes: Uint8Array } | undefined;
  readonly index: Entries;
  /** By member id. */
  readonly members: Entries;
  /** By the id of the checkout. */
  readonly reversals: Entries;
  /** Leases, budgets and waiting checkouts; `undefined` takes the entry out. */
  readonly counters: readonly (readonly [key: string, value: Uint8Array | undefined])[];
  /** `undefined` strikes the entry out. */
  readonly registry: readonly (readonly [key: string, value: Uint8Array | undefined])[];
  readonly dueRemoved: readonly DueMember[];
  readonly dueAdded: readonly DueMember[];
}

/** What a write changes that changes nothing but where the partition stands. */
export const NO_CHANGES: Omit<BatchWrites, 'meta'> = {
  block: undefined,
  index: [],
  members: [],
  reversals: [],
  counters: [],
  registry: [],
  dueRemoved: [],
  dueAdded: [],
};

/**
 * One partition's store. There is one writer at a time; whoever holds the partition's batch.
 *
 * Contract of `write`: when it returns, everything is durable (flushed to the disk) and visible;
 * when it throws, nothing is. A reader sees whole batches only.
 */
export interface PartitionStore extends StateReader {
  write(writes: BatchWrites): void;
  /** The ledger block that starts at a sequence, as stored. */
  block(firstSequence: number): Uint8Array | undefined;
  /** The block that holds a sequence, or the next one after it; `undefined` past the end. */
  blockAt(sequence: number): Uint8Array | undefined;
  close(): Promise<void>;
}

/** The ids in the due index sort by instant, then member. */
export function dueKey(due: DueMember): string {
  return `${due.dueAt.toString().padStart(16, '0')}${due.member}`;
}

export function parseDueKey(key: string): { readonly dueAt: number; readonly member: string } {
  return { dueAt: Number(key.slice(0, 16)), member: key.slice(16) };
}
