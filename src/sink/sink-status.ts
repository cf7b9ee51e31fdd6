import type { Fault } from '../fault.ts';
import type { Positions } from './cut-block.ts';

/** How the sink fares, as plain numbers for metrics and the status line. */
export interface SinkStatus {
  readonly generation: number;
  /** Number of the last block known to be in ClickHouse. */
  readonly block: number;
  /** Last ledger sequence of each partition known to be in ClickHouse. */
  readonly cursor: Positions;
  readonly lagRecords: number;
  /** Age of the oldest durable record that is not in ClickHouse yet. */
  readonly lagSeconds: number;
  /** False from a failure until ClickHouse answered again. */
  readonly connected: boolean;
  readonly lastError: string | undefined;
  /** Set when the sink stopped for good. */
  readonly refused: Fault | undefined;
  /** Since the start of this process. */
  readonly blocks: number;
  readonly records: number;
  readonly rows: number;
  readonly bytes: number;
  readonly retries: number;
  readonly rewinds: number;
  readonly rebuilds: number;
}
