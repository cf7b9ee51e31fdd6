import type { LedgerRecord } from '../../ledger/record.ts';
import { MEMBERS_ACCOUNTS } from '../../ledger/transfer.ts';
import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import { type PointSum, PointSums } from './point-sums.ts';
import type { Move, RowRecord } from './row-record.ts';
import type { Returned } from './row-returned.ts';
import type { RowAward, RowContribution, Sold } from './row-sold.ts';
import { shownInstant } from './shown-instant.ts';
import { hasStart, isEmpty, isSame, isText } from './stored-text.ts';
import { TableRows } from './table.ts';
import { NO_TEXT, type Text } from './text-reader.ts';

/** Benefits whose line awards are points; they are counted where the ledger moves them. */
export const POINT_BENEFITS = ['points', 'multiply-points', 'top-up'] as const;
const [POINTS, MULTIPLY_POINTS, TOP_UP] = POINT_BENEFITS;
const PAY_WITH_POINTS = 'pay-with-points';

/**
 * One row for each promotion × line, promotion × delivery, promotion × point type × movement,
 * and granted text or code. Money comes from the decision, points from the ledger's transfers:
 * so the points of a return, a tick or an adjustment are here too, and nothing is here twice.
 * Returned discounts and what partners pay have rows of their own, apart from all sums.
 */
export class AwardRows extends TableRows {
  readonly columns = {
    partition: new SmallIntegers(2),
    sequence: new LargeIntegers('UInt64'),
    accepted_at: new LargeIntegers("DateTime64(3, 'UTC')"),
    occurred_at: new LargeIntegers("DateTime64(3, 'UTC')"),
    region: new Texts(),
    country: new Texts(),
    partner: new Texts(),
    currency: new Texts(),
    rule_set: new SmallIntegers(4),
    promotion: new Texts(),
    benefit: new Texts(),
    target: new Texts(),
    position: new SmallIntegers(2),
    requested: new LargeIntegers('Int64'),
    applied: new LargeIntegers('Int64'),
    discount: new LargeIntegers('Int64'),
    point_type: new Texts(),
    movement: new Texts(),
    points: new LargeIntegers('Int64'),
    transactions: new SmallIntegers(1),
    gross: new LargeIntegers('Int64'),
  };

  readonly #sums = new PointSums<Text>((sum) => this.#addPoints(sum));
  /** Promotions that already have a row counting the present transaction for them. */
  readonly #counted: Text[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #kind: LedgerRecord['kind'] = 'checkout';
  #sold: Sold | undefined;

  add(partition: number, record: RowRecord): void {
    const { bytes, outcome } = record;
    if (outcome.status === 'rejected') return;
    const { sold, returned } = outcome;
    const before = this.rows;
    this.#bytes = bytes;
    this.#kind = record.kind;
    this.#sold = sold;
    this.#counted.length = 0;

    if (sold !== undefined) this.#addMoney(sold);
    for (const move of record.moves) this.#sums.add(pointsOf(bytes, move));
    this.#sums.flush();
    if (sold !== undefined) this.#addGrants(sold);
    if (returned !== undefined) this.#addReturned(returned);
    this.columns.partner.repeat(bytes, record.partner, this.rows - before);
    if (sold !== undefined) this.#addContributions(sold.contributions, 1);
    if (returned !== undefined) this.#addContributions(returned.contributions, -1);

    this.#addShared(partition, record, this.rows - before);
  }

  /** What a return took back of discounts: below zero, and no discount of its own. */
  #addReturned({ lines }: Returned): void {
    for (let index = 0; index < lines.length; index += 1) {
      for (const { promotion, amount } of lines[index]?.awards ?? []) {
        this.columns.benefit.push('returned');
        this.#begin(promotion, 0);
        this.#addAmount({ target: 'line', position: index + 1, amount: -amount });
      }
    }
  }

  /** What partners pay for promotions, each with the partner who pays; less when it goes back. */
  #addContributions(contributions: readonly RowContribution[], sign: 1 | -1): void {
    for (const { promotion, partner, amount } of contributions) {
      this.columns.partner.copy(this.#bytes, partner);
      this.columns.benefit.push('contribution');
      this.#begin(promotion, 0);
      this.#addAmount({ target: 'partner', position: 0, amount: sign * amount });
    }
  }

  #addAmount(row: {
    readonly target: string;
    readonly position: number;
    readonly amount: number;
  }): void {
    const { columns } = this;
    columns.target.push(row.target);
    columns.position.push(row.position);
    columns.requested.push(row.amount);
    columns.applied.push(row.amount);
    columns.discount.push(0);
    columns.point_type.pushNothing();
    columns.movement.pushNothing();
    columns.points.push(0);
    this.endRow();
  }

  override clear(): void {
    super.clear();
    this.#sums.clear();
  }

  /** The values that every award of a record has in common. */
  #addShared(partition: number, record: RowRecord, rows: number): void {
    const { columns } = this;
    const { bytes } = record;
    columns.partition.repeat(partition, rows);
    columns.sequence.repeat(record.sequence, rows);
    columns.accepted_at.repeat(shownInstant(record.acceptedAt), rows);
    columns.occurred_at.repeat(shownInstant(record.occurredAt), rows);
    columns.region.repeat(bytes, record.region, rows);
    columns.country.repeat(bytes, record.country, rows);
    columns.currency.repeat(bytes, record.currency, rows);
    columns.rule_set.repeat(record.outcome.ruleSet, rows);
  }

  #addMoney(sold: Sold): void {
    const { lines } = sold;
    for (let index = 0; index < lines.length; index += 1) {
      for (const award of lines[index]?.awards ?? []) {
        if (!isOfPoints(this.#bytes, award)) this.#addDiscount(sold, award, index + 1);
      }
    }
    for (const award of sold.deliveryAwards) this.#addDiscount(sold, award, 0);
  }

  #addDiscount(sold: Sold, award: RowAward, position: number): void {
    const { columns } = this;
    columns.benefit.copy(this.#bytes, award.benefit);
    this.#begin(award.promotion, award.applied);
    columns.target.push(position === 0 ? 'delivery' : 'line');
    columns.position.push(position);
    columns.requested.push(award.requested);
    columns.applied.push(award.applied);
    columns.discount.push(lowersPrice(this.#bytes, sold, award) ? award.applied : 0);
    columns.point_type.pushNothing();
    columns.movement.pushNothing();
    columns.points.push(0);
    this.endRow();
  }

  #addPoints({ promotion, unit, movement, points }: PointSum<Text>): void {
    const accrued = movement === 'accrual' ? accrualOf(this.#sold, promotion, unit) : undefined;
    const applied = Math.abs(points);
    const { columns } = this;
    columns.benefit.copy(this.#bytes, accrued?.benefit ?? NO_TEXT);
    this.#begin(promotion, applied);
    columns.target.push('order');
    columns.position.push(0);
    columns.requested.push(accrued?.requested ?? applied);
    columns.applied.push(applied);
    columns.discount.push(0);
    columns.point_type.copy(this.#bytes, unit);
    columns.movement.push(movement);
    columns.points.push(points);
    this.endRow();
  }

  /** Texts and codes move neither money nor points, yet their promotion took part. */
  #addGrants({ texts, codes }: Sold): void {
    for (const promotion of texts) this.#addGrant(promotion, 'text');
    for (const promotion of codes) this.#addGrant(promotion, 'issue-code');
  }

  #addGrant(promotion: Text, benefit: 'text' | 'issue-code'): void {
    this.columns.benefit.push(benefit);
    this.#begin(promotion, 1);
    this.#addAmount({ target: 'order', position: 0, amount: 1 });
  }

  #begin(promotion: Text, applied: number): void {
    const { columns } = this;
    columns.promotion.copy(this.#bytes, promotion);
    const sells = this.#kind === 'checkout' || this.#kind === 'capture';
    const counts = applied !== 0 && sells && this.#isFirst(promotion);
    columns.transactions.push(counts ? 1 : 0);
    columns.gross.push(counts ? (this.#sold?.totals.gross ?? 0) : 0);
  }

  /**
   * True for the first effective award of a promotion in a checkout, and only for it: so the sums
   * of `transactions` and `gross` over awards count a checkout once for each promotion.
   */
  #isFirst(promotion: Text): boolean {
    if (isEmpty(this.#bytes, promotion) || this.#counted.includes(promotion)) return false;
    this.#counted.push(promotion);
    return true;
  }
}

function isOfPoints(bytes: Uint8Array, { benefit }: RowAward): boolean {
  return (
    isText(bytes, benefit, POINTS) ||
    isText(bytes, benefit, MULTIPLY_POINTS) ||
    isText(bytes, benefit, TOP_UP)
  );
}

/** How a transfer changes what members own, waiting points included. */
function pointsOf(bytes: Uint8Array, move: Move): PointSum<Text> {
  const { promotion, unit, movement, points } = move;
  const change =
    (isMembers(bytes, move.to) ? points : 0) - (isMembers(bytes, move.from) ? points : 0);
  return { promotion, unit, movement, points: change };
}

/** `isMembers` of `ledger/transfer.ts`, of an account that is still bytes. */
function isMembers(bytes: Uint8Array, account: Text): boolean {
  return MEMBERS_ACCOUNTS.some((start) => hasStart(bytes, account, start));
}

/** Points that pay are a payment, unless their promotion gives them as a discount. */
function lowersPrice(bytes: Uint8Array, { redemptions }: Sold, award: RowAward): boolean {
  if (!isText(bytes, award.benefit, PAY_WITH_POINTS)) return true;
  return redemptions.some(
    ({ promotion, asDiscount }) => asDiscount && isSame(bytes, promotion, award.promotion),
  );
}

interface Accrued {
  readonly benefit: Text;
  readonly requested: number;
}

/** What was asked for before caps, over all benefits of a promotion in one point type. */
function accrualOf(sold: Sold | undefined, promotion: Text, unit: Text): Accrued | undefined {
  let found: Accrued | undefined;
  for (const { promotion: by, type, benefit, requested } of sold?.accruals ?? []) {
    if (by !== promotion || type !== unit) continue;
    found = { benefit: found?.benefit ?? benefit, requested: (found?.requested ?? 0) + requested };
  }
  return found;
}
