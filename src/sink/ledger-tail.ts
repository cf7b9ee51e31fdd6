import type { FormattedRows } from '../../core/layout/rows/row-formatter.ts';

/** A stretch of one partition's ledger. */
export interface LedgerRange {
  readonly partition: number;
  /** Ledger sequence of the first record. */
  readonly first: number;
  /** Ledger sequence of the last record, included. */
  readonly last: number;
}

/** Whether the sink is behind, so that others have to wait for it. */
export interface Pace {
  readonly presses: boolean;
}

/** What the sink needs of the ledger; the processor implements it over its workers. */
export interface LedgerTail {
  /**
   * The last *durable* ledger sequence of each partition; 0 or absent for an empty one. What is
   * committed and not yet synced must not show here (trap T28).
   */
  readonly heads: () => ReadonlyMap<number, number>;
  /**
   * The rows of these records: the ranges in the given order, the records of each in ledger order.
   * The same ranges must always give the same bytes. Several `Native` blocks behind each other
   * mean the same as one, so that a range may be formatted by any worker; one costs ClickHouse a
   * quarter less than sixteen. When nothing `presses`, it may take its time. One call at a time.
   */
  readonly format: (ranges: readonly LedgerRange[], pace: Pace) => Promise<FormattedRows>;
  /** Calls back when a head moved; returns how to stop that. Calls may be merged. */
  readonly onAdvance: (listener: () => void) => () => void;
}

/** How many records a list of ranges holds. */
export function recordsIn(ranges: readonly LedgerRange[]): number {
  return ranges.reduce((records, { first, last }) => records + last - first + 1, 0);
}
