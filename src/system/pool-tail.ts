import type { Processor } from '../processor/processor.ts';
import type { LedgerTail } from '../sink/ledger-tail.ts';

/** The ledger as the sink sees it: durable heads, and rows formatted by a worker thread. */
export function poolTail(processor: Processor): LedgerTail {
  return {
    heads: () => processor.heads,
    onAdvance: (listener) => processor.onAdvance(listener),
    format: (ranges, pace) => processor.pool.formatRows(ranges, pace),
  };
}
