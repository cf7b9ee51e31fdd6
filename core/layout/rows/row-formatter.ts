import type { LedgerRecord } from '../../ledger/record.ts';
import { AwardRows } from './award-rows.ts';
import { CheckoutRows } from './checkout-rows.ts';
import { EntryRows } from './entry-rows.ts';
import { LineRows } from './line-rows.ts';
import { type PerTable, perTable, ROW_TABLES } from './table.ts';
import { TierRows } from './tier-rows.ts';

/** Rows of ledger records, ready to be sent: a `Native` block and its rows for each table. */
export interface FormattedRows {
  readonly bytes: PerTable<Uint8Array<ArrayBuffer>>;
  readonly rows: PerTable<number>;
}

/**
 * Turns ledger records into the rows of the tables. The bytes depend on the records alone:
 * the same records in the same order give the same bytes, which is what makes a retry identical.
 */
export class RowFormatter {
  readonly #tables = {
    checkouts: new CheckoutRows(),
    lines: new LineRows(),
    awards: new AwardRows(),
    entries: new EntryRows(),
    tiers: new TierRows(),
  };

  add(partition: number, record: LedgerRecord): void {
    const { checkouts, lines, awards, entries, tiers } = this.#tables;
    checkouts.add(partition, record);
    lines.add(partition, record);
    awards.add(partition, record);
    entries.add(partition, record);
    tiers.add(partition, record);
  }

  /** Bytes that wait in all tables. */
  get byteLength(): number {
    return ROW_TABLES.reduce((total, table) => total + this.#tables[table].byteLength, 0);
  }

  /** Forgets what was added: after a fault in the middle, nothing of it may reach the next rows. */
  clear(): void {
    for (const table of ROW_TABLES) this.#tables[table].clear();
  }

  /** Hands out what was added since the last time. */
  take(): FormattedRows {
    const rows = perTable((table) => this.#tables[table].rows);
    return { rows, bytes: perTable((table) => this.#tables[table].take()) };
  }
}
