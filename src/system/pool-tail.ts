import type { FormattedRows } from '../../core/layout/rows/row-formatter.ts';
import { perTable } from '../../core/layout/rows/table.ts';
import type { Processor } from '../processor/processor.ts';
import type { LedgerRange, LedgerTail } from '../sink/ledger-tail.ts';

/** The ledger as the sink sees it: durable heads, and rows formatted by worker threads. */
export function poolTail(processor: Processor): LedgerTail {
  return {
    heads: () => processor.heads,
    onAdvance: (listener) => processor.onAdvance(listener),
    format: async (ranges) => {
      const parts = await Promise.all(
        ranges.map((range: LedgerRange) => processor.pool.read<FormattedRows>('formatRows', range)),
      );
      return joined(parts);
    },
  };
}

/** The rows of all parts behind each other, in the order of the ranges. */
function joined(parts: readonly FormattedRows[]): FormattedRows {
  return {
    rows: perTable((table) => parts.reduce((sum, part) => sum + part.rows[table], 0)),
    bytes: perTable((table) => concatenated(parts.map((part) => part.bytes[table]))),
  };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
