import type { Decision, LineAward } from '../../arbitration/decision.ts';
import type { LedgerRecord } from '../../ledger/record.ts';
import { soldBy } from '../../outcome/outcome.ts';
import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import { type PointSum, PointSums } from './point-sums.ts';
import { shownInstant } from './shown-instant.ts';
import { TableRows } from './table.ts';

/** Benefits whose line awards are points; they are counted where the ledger moves them. */
const POINT_BENEFITS: ReadonlySet<string> = new Set(['points', 'multiply-points', 'top-up']);
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

  readonly #sums = new PointSums((sum) => this.#addPoints(sum));
  /** Promotions that already have a row counting the present transaction for them. */
  readonly #counted: string[] = [];
  #kind: LedgerRecord['kind'] = 'checkout';
  #decision: Decision | undefined;

  add(partition: number, record: LedgerRecord): void {
    if (record.outcome.status === 'rejected') return;
    const before = this.rows;
    this.#kind = record.kind;
    this.#decision = soldBy(record.outcome);
    this.#counted.length = 0;

    if (this.#decision !== undefined) this.#addMoney(this.#decision);
    for (const move of record.transfers) this.#sums.add(move);
    this.#sums.flush();
    if (this.#decision !== undefined) this.#addGrants(this.#decision);
    this.#addReturned(record);
    this.columns.partner.repeat(record.partner, this.rows - before);
    this.#addContributions(record);

    this.#addShared(partition, record, this.rows - before);
  }

  /** What a return took back of discounts: below zero, and no discount of its own. */
  #addReturned({ outcome }: LedgerRecord): void {
    if (outcome.status === 'rejected') return;
    const lines = outcome.reversal?.lines ?? [];
    for (let index = 0; index < lines.length; index += 1) {
      for (const { promotion, amount } of lines[index]?.awards ?? []) {
        this.#begin(promotion, 'returned', 0);
        this.#addAmount({ target: 'line', position: index + 1, amount: -amount });
      }
    }
  }

  /** What partners pay for promotions, each with the partner who pays; less when it goes back. */
  #addContributions({ outcome }: LedgerRecord): void {
    if (outcome.status === 'rejected') return;
    for (const { promotion, partner, amount } of this.#decision?.contributions ?? []) {
      this.#addContribution(promotion, partner, amount);
    }
    for (const { promotion, partner, amount } of outcome.reversal?.contributions ?? []) {
      this.#addContribution(promotion, partner, -amount);
    }
  }

  #addContribution(promotion: string, partner: string, amount: number): void {
    this.columns.partner.push(partner);
    this.#begin(promotion, 'contribution', 0);
    this.#addAmount({ target: 'partner', position: 0, amount });
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
    columns.point_type.push('');
    columns.movement.push('');
    columns.points.push(0);
    this.endRow();
  }

  override clear(): void {
    super.clear();
    this.#sums.clear();
  }

  /** The values that every award of a record has in common. */
  #addShared(partition: number, record: LedgerRecord, rows: number): void {
    const { columns } = this;
    columns.partition.repeat(partition, rows);
    columns.sequence.repeat(record.sequence, rows);
    columns.accepted_at.repeat(shownInstant(record.acceptedAt), rows);
    columns.occurred_at.repeat(shownInstant(record.occurredAt), rows);
    columns.region.repeat(record.region, rows);
    columns.country.repeat(record.country, rows);
    columns.currency.repeat(record.currency, rows);
    columns.rule_set.repeat(record.outcome.ruleSet?.version ?? 0, rows);
  }

  #addMoney(decision: Decision): void {
    const { lines } = decision;
    for (let index = 0; index < lines.length; index += 1) {
      for (const award of lines[index]?.awards ?? []) {
        if (!POINT_BENEFITS.has(award.benefit)) this.#addDiscount(decision, award, index + 1);
      }
    }
    for (const award of decision.deliveryAwards) this.#addDiscount(decision, award, 0);
  }

  #addDiscount(decision: Decision, award: LineAward, position: number): void {
    this.#begin(award.promotion, award.benefit, award.applied);
    const { columns } = this;
    columns.target.push(position === 0 ? 'delivery' : 'line');
    columns.position.push(position);
    columns.requested.push(award.requested);
    columns.applied.push(award.applied);
    columns.discount.push(lowersPrice(decision, award) ? award.applied : 0);
    columns.point_type.push('');
    columns.movement.push('');
    columns.points.push(0);
    this.endRow();
  }

  #addPoints({ promotion, unit, movement, points }: PointSum): void {
    const accrued = movement === 'accrual' ? accrualOf(this.#decision, promotion, unit) : undefined;
    const applied = Math.abs(points);
    this.#begin(promotion, accrued?.benefit ?? '', applied);
    const { columns } = this;
    columns.target.push('order');
    columns.position.push(0);
    columns.requested.push(accrued?.requested ?? applied);
    columns.applied.push(applied);
    columns.discount.push(0);
    columns.point_type.push(unit);
    columns.movement.push(movement);
    columns.points.push(points);
    this.endRow();
  }

  /** Texts and codes move neither money nor points, yet their promotion took part. */
  #addGrants({ texts, codes }: Decision): void {
    for (const { promotion } of texts) this.#addGrant(promotion, 'text');
    for (const { promotion } of codes) this.#addGrant(promotion, 'issue-code');
  }

  #addGrant(promotion: string, benefit: string): void {
    this.#begin(promotion, benefit, 1);
    this.#addAmount({ target: 'order', position: 0, amount: 1 });
  }

  #begin(promotion: string, benefit: string, applied: number): void {
    const { columns } = this;
    columns.promotion.push(promotion);
    columns.benefit.push(benefit);
    const sells = this.#kind === 'checkout' || this.#kind === 'capture';
    const counts = applied !== 0 && sells && this.#isFirst(promotion);
    columns.transactions.push(counts ? 1 : 0);
    columns.gross.push(counts ? (this.#decision?.totals.gross ?? 0) : 0);
  }

  /**
   * True for the first effective award of a promotion in a checkout, and only for it: so the sums
   * of `transactions` and `gross` over awards count a checkout once for each promotion.
   */
  #isFirst(promotion: string): boolean {
    if (promotion === '' || this.#counted.includes(promotion)) return false;
    this.#counted.push(promotion);
    return true;
  }
}

/** Points that pay are a payment, unless their promotion gives them as a discount. */
function lowersPrice({ redemptions }: Decision, { promotion, benefit }: LineAward): boolean {
  if (benefit !== PAY_WITH_POINTS) return true;
  return redemptions.some((one) => one.promotion === promotion && one.asDiscount);
}

interface Accrued {
  readonly benefit: string;
  readonly requested: number;
}

/** What was asked for before caps, over all benefits of a promotion in one point type. */
function accrualOf(
  decision: Decision | undefined,
  promotion: string,
  unit: string,
): Accrued | undefined {
  let found: Accrued | undefined;
  for (const { promotion: by, type, benefit, requested } of decision?.accruals ?? []) {
    if (by !== promotion || type !== unit) continue;
    found = { benefit: found?.benefit ?? benefit, requested: (found?.requested ?? 0) + requested };
  }
  return found;
}
