import type { LineAward } from '../../arbitration/decision.ts';
import type { LedgerRecord } from '../../ledger/record.ts';
import { isMembers } from '../../ledger/transfer.ts';
import { soldBy } from '../../outcome/outcome.ts';
import { POINT_BENEFITS } from './award-rows.ts';
import { totalsOf } from './money-totals.ts';
import { PointSums } from './point-sums.ts';
import { type PerTable, perTable } from './table.ts';

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
  readonly #pointRows = new PointSums<string>(() => {
    this.#pointRowCount += 1;
  });
  #pointRowCount = 0;

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
    totals.rows.awards += this.#countAwards(record);
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

  /** One for each row that `AwardRows` says it has. */
  #countAwards({ outcome, transfers }: LedgerRecord): number {
    if (outcome.status === 'rejected') return 0;
    const sold = soldBy(outcome);
    let count = this.#countPointRows(transfers);
    if (sold !== undefined) {
      for (const { awards } of sold.lines) count += awards.filter(isOfMoney).length;
      count += sold.deliveryAwards.length + sold.texts.length + sold.codes.length;
      count += sold.contributions.length;
    }
    for (const { awards } of outcome.reversal?.lines ?? []) count += awards.length;
    return count + (outcome.reversal?.contributions.length ?? 0);
  }

  #countPointRows(transfers: LedgerRecord['transfers']): number {
    this.#pointRowCount = 0;
    for (const { promotion, unit, movement, points, from, to } of transfers) {
      const change = (isMembers(to) ? points : 0) - (isMembers(from) ? points : 0);
      this.#pointRows.add({ promotion, unit, movement, points: change });
    }
    this.#pointRows.flush();
    return this.#pointRowCount;
  }

  #addTransfers({ transfers }: LedgerRecord): void {
    for (const { unit, points, from, to } of transfers) {
      this.#moved.set(unit, (this.#moved.get(unit) ?? 0n) + BigInt(points));
      const change = BigInt((isMembers(to) ? points : 0) - (isMembers(from) ? points : 0));
      this.#outstanding.set(unit, (this.#outstanding.get(unit) ?? 0n) + change);
    }
  }
}

function isOfMoney({ benefit }: LineAward): boolean {
  return !POINT_BENEFITS.some((each) => each === benefit);
}
