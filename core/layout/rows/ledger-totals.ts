import type { LedgerRecord } from '../../ledger/record.ts';
import { isMembers } from '../../ledger/transfer.ts';
import { soldBy } from '../../outcome/outcome.ts';
import { AwardRows } from './award-rows.ts';
import { totalsOf } from './checkout-rows.ts';
import { type PerTable, perTable } from './table.ts';

/** Rows of awards waiting to be counted; they are made to count them and then thrown away. */
const AWARDS_COUNTED_AT_ONCE = 10_000;

export interface PartitionTotals {
  /** Ledger sequence of the last record added. */
  readonly through: number;
  /** Rows that each table must hold for this partition. */
  readonly rows: PerTable<number>;
}

export interface MoneyTotals {
  readonly gross: bigint;
  readonly discount: bigint;
  readonly delivery: bigint;
  readonly delivery_discount: bigint;
  readonly paid_with_points: bigint;
  readonly payable: bigint;
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

/** What ClickHouse must hold, by a replay of the ledger: the expectation of `ledger verify`. */
export class LedgerTotals {
  readonly #partitions = new Map<number, { through: number; rows: Writable<PerTable<number>> }>();
  readonly #moved = new Map<string, bigint>();
  readonly #outstanding = new Map<string, bigint>();
  readonly #money: Writable<MoneyTotals> = {
    gross: 0n,
    discount: 0n,
    delivery: 0n,
    delivery_discount: 0n,
    paid_with_points: 0n,
    payable: 0n,
  };
  readonly #awards = new AwardRows();

  get partitions(): ReadonlyMap<number, PartitionTotals> {
    return this.#partitions;
  }

  /** By point type: the sum of all credits, which is that of all debits too. */
  get moved(): ReadonlyMap<string, bigint> {
    return this.#moved;
  }

  /** By point type: what members own, points that wait included. */
  get outstanding(): ReadonlyMap<string, bigint> {
    return this.#outstanding;
  }

  get money(): MoneyTotals {
    return this.#money;
  }

  /** Adds the records of a partition in ledger order. */
  add(partition: number, record: LedgerRecord): void {
    const { outcome, transfers } = record;
    const totals = this.#of(partition);
    totals.through = record.sequence;
    totals.rows.checkouts += 1;
    totals.rows.entries += 2 * transfers.length;
    totals.rows.awards += this.#countAwards(partition, record);
    this.#addTransfers(record);
    if (outcome.status === 'rejected') return;

    totals.rows.tiers += outcome.tiers.length;
    totals.rows.lines += soldBy(outcome)?.lines.length ?? outcome.reversal?.lines.length ?? 0;
    const money = totalsOf(outcome);
    this.#money.gross += BigInt(money.gross);
    this.#money.discount += BigInt(money.discount);
    this.#money.delivery += BigInt(money.delivery);
    this.#money.delivery_discount += BigInt(money.deliveryDiscount);
    this.#money.paid_with_points += BigInt(money.paidWithPoints);
    this.#money.payable += BigInt(money.payable);
  }

  #of(partition: number): { through: number; rows: Writable<PerTable<number>> } {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const fresh = { through: 0, rows: perTable(() => 0) };
    this.#partitions.set(partition, fresh);
    return fresh;
  }

  #countAwards(partition: number, record: LedgerRecord): number {
    const before = this.#awards.rows;
    this.#awards.add(partition, record);
    const added = this.#awards.rows - before;
    if (this.#awards.rows > AWARDS_COUNTED_AT_ONCE) this.#awards.take();
    return added;
  }

  #addTransfers({ transfers }: LedgerRecord): void {
    for (const { unit, points, from, to } of transfers) {
      this.#moved.set(unit, (this.#moved.get(unit) ?? 0n) + BigInt(points));
      const change = BigInt((isMembers(to) ? points : 0) - (isMembers(from) ? points : 0));
      this.#outstanding.set(unit, (this.#outstanding.get(unit) ?? 0n) + change);
    }
  }
}
