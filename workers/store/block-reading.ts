import { must } from '../../core/assert.ts';
import { type OpenBlock, openBlock, recordAt } from '../../core/layout/block.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { IndexEntry } from '../../core/ledger/state-reader.ts';

/** Reads the record behind an index entry, given how to fetch its block. */
export function recordOf(
  entry: IndexEntry,
  block: (firstSequence: number) => Uint8Array | undefined,
): LedgerRecord {
  const bytes = must(block(entry.block), 'an index entry without its ledger block');
  const open: OpenBlock = openBlock(bytes);
  return recordAt(open, entry.offset);
}
