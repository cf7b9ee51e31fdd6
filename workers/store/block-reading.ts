import { must } from '../../core/assert.ts';
import { type OpenBlock, openBlock, recordAt, recordsOf } from '../../core/layout/block.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { IndexEntry } from '../../core/ledger/state-reader.ts';
import type { PartitionStore } from './partition-store.ts';

/** Reads the record behind an index entry, given how to fetch its block. */
export function recordOf(
  entry: IndexEntry,
  block: (firstSequence: number) => Uint8Array | undefined,
): LedgerRecord {
  const bytes = must(block(entry.block), 'an index entry without its ledger block');
  const open: OpenBlock = openBlock(bytes);
  return recordAt(open, entry.offset);
}

/** All records of a partition's ledger in their order, block by block. */
export function* ledgerOf(store: Pick<PartitionStore, 'blockAt'>): Generator<LedgerRecord> {
  for (let next = 1; ; ) {
    const bytes = store.blockAt(next);
    if (!bytes) return;
    const block = openBlock(bytes);
    yield* recordsOf(block);
    next = block.firstSequence + block.count;
  }
}
