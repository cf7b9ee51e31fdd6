import { setImmediate } from 'node:timers/promises';
import { assert } from '../../../core/assert.ts';
import { LedgerTotals } from '../../../core/layout/rows/ledger-totals.ts';
import { type FormattedRows, RowFormatter } from '../../../core/layout/rows/row-formatter.ts';
import type { LedgerRecord } from '../../../core/ledger/record.ts';
import { ledgerRecord, type TrafficShape } from '../../../core/testing/ledger-records.ts';
import type { LedgerRange, LedgerTail } from '../ledger-tail.ts';

/** A ledger that is made from a seed: it keeps only how long each partition is. */
export class GeneratedTail implements LedgerTail {
  readonly #shape: TrafficShape;
  readonly #heads = new Map<number, number>();
  readonly #listeners = new Set<() => void>();
  readonly #formatter = new RowFormatter();
  #formatting = false;
  /** Every list of ranges that rows were asked for, in order. */
  readonly asked: (readonly LedgerRange[])[] = [];

  constructor(shape: TrafficShape) {
    this.#shape = shape;
  }

  /** The durable ledger of these partitions grows by so many records each. */
  grow(records: number, partitions: readonly number[] = [0, 1, 2, 3]): void {
    for (const partition of partitions) {
      this.#heads.set(partition, (this.#heads.get(partition) ?? 0) + records);
    }
    for (const listener of this.#listeners) listener();
  }

  heads(): ReadonlyMap<number, number> {
    return this.#heads;
  }

  /** As a worker does it: not at once, and one call at a time. */
  async format(ranges: readonly LedgerRange[]): Promise<FormattedRows> {
    assert(!this.#formatting, 'the sink asks for rows while it waits for others');
    this.#formatting = true;
    this.asked.push(ranges);
    for (const { partition, first, last } of ranges) {
      await setImmediate();
      for (let sequence = first; sequence <= last; sequence += 1) {
        this.#formatter.add(partition, ledgerRecord(this.#shape, partition, sequence));
      }
    }
    this.#formatting = false;
    return this.#formatter.take();
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Everything up to the heads, in ledger order. */
  *records(): Generator<LedgerRecord> {
    for (const [partition, head] of this.#heads) {
      for (let sequence = 1; sequence <= head; sequence += 1) {
        yield ledgerRecord(this.#shape, partition, sequence);
      }
    }
  }

  /** What ClickHouse must hold of it. */
  totals(): LedgerTotals {
    const totals = new LedgerTotals();
    for (const [partition, head] of this.#heads) {
      for (let sequence = 1; sequence <= head; sequence += 1) {
        totals.add(partition, ledgerRecord(this.#shape, partition, sequence));
      }
    }
    return totals;
  }
}
