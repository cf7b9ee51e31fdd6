import { type Columns, nativeBlock } from './native-block.ts';

/** The ClickHouse tables that mirror the ledger, in the order a sink block is inserted. */
export const ROW_TABLES = ['checkouts', 'lines', 'awards', 'entries', 'tiers'] as const;
export type RowTable = (typeof ROW_TABLES)[number];

/** Something for each of these tables. */
export type PerTable<T> = { readonly [table in RowTable]: T };

/** One value for each table, made by `make`. */
export function perTable<T>(make: (table: RowTable) => T): PerTable<T> {
  return {
    checkouts: make('checkouts'),
    lines: make('lines'),
    awards: make('awards'),
    entries: make('entries'),
    tiers: make('tiers'),
  };
}

/** Rows of one table that wait to be taken as a block. */
export abstract class TableRows {
  /** The names are the table's column names. */
  abstract readonly columns: Columns;
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  get byteLength(): number {
    let length = 0;
    for (const column of Object.values(this.columns)) length += column.byteLength;
    return length;
  }

  /** Hands out the rows as one `Native` block and starts anew, keeping the buffers. */
  take(): Uint8Array<ArrayBuffer> {
    const block = nativeBlock(this.columns, this.#rows);
    this.clear();
    return block;
  }

  /** Forgets the rows, also those that were only begun. */
  clear(): void {
    for (const column of Object.values(this.columns)) column.clear();
    this.#rows = 0;
  }

  protected endRow(): void {
    this.#rows += 1;
  }
}
