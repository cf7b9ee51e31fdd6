import type { LedgerRecord } from '../../ledger/record.ts';
import { BlockWriter, HASH_BYTES, type OpenBlock, openBlock } from '../block.ts';
import { AwardRows } from './award-rows.ts';
import { CheckoutRows } from './checkout-rows.ts';
import { EntryRows } from './entry-rows.ts';
import { LineRows } from './line-rows.ts';
import { type RowRecord, RowRecords } from './row-record.ts';
import { type PerTable, perTable, ROW_TABLES } from './table.ts';
import { TierRows } from './tier-rows.ts';

/** Rows of ledger records, ready to be sent: a `Native` block and its rows for each table. */
export interface FormattedRows {
  readonly bytes: PerTable<Uint8Array<ArrayBuffer>>;
  readonly rows: PerTable<number>;
}

/** A part of one partition's ledger, both ends included. */
export interface Stretch {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
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

  /** Adds the records of a block that lie in a stretch. */
  addBlock(block: OpenBlock, { partition, first, last }: Stretch): void {
    const records = new RowRecords(block);
    for (let sequence = block.firstSequence; !records.done; sequence += 1) {
      const record = records.next();
      if (sequence >= first && sequence <= last) this.#add(partition, record);
    }
  }

  /** Adds a record that is in no block: it is written as one first. */
  add(partition: number, record: LedgerRecord): void {
    const { sequence } = record;
    this.addBlock(blockOf(record), { partition, first: sequence, last: sequence });
  }

  #add(partition: number, record: RowRecord): void {
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

const NO_HASH = new Uint8Array(HASH_BYTES);

function blockOf(record: LedgerRecord): OpenBlock {
  const writer = new BlockWriter(4_096);
  writer.add(record);
  writer.seal({ partition: 0, epoch: 0, previousHash: NO_HASH });
  return openBlock(writer.withHash(NO_HASH));
}
