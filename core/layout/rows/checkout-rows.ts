import type { Movement } from '../../ledger/transfer.ts';
import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import type { Move, RowRecord } from './row-record.ts';
import type { Returned } from './row-returned.ts';
import type { RowTotals } from './row-sold.ts';
import { shownInstant } from './shown-instant.ts';
import { TableRows } from './table.ts';

/**
 * One row for every ledger record, whatever its kind and whether accepted or rejected. So the
 * table counts exactly the ledger, and what is not a purchase is filtered by `kind`.
 */
export class CheckoutRows extends TableRows {
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
    rule_set_hash: new Texts(),
    late: new SmallIntegers(1),
    kind: new Texts(),
    status: new Texts(),
    reason: new Texts(),
    id: new Texts(),
    checkout: new Texts(),
    member: new Texts(),
    store: new Texts(),
    channel: new Texts(),
    gross: new LargeIntegers('Int64'),
    discount: new LargeIntegers('Int64'),
    delivery: new LargeIntegers('Int64'),
    delivery_discount: new LargeIntegers('Int64'),
    paid_with_points: new LargeIntegers('Int64'),
    payable: new LargeIntegers('Int64'),
    points_accrued: new LargeIntegers('Int64'),
    points_redeemed: new LargeIntegers('Int64'),
    points_expired: new LargeIntegers('Int64'),
  };

  add(partition: number, record: RowRecord): void {
    const { columns } = this;
    const { bytes, outcome } = record;
    columns.partition.push(partition);
    columns.sequence.push(record.sequence);
    columns.accepted_at.push(shownInstant(record.acceptedAt));
    columns.occurred_at.push(shownInstant(record.occurredAt));
    columns.region.copy(bytes, record.region);
    columns.country.copy(bytes, record.country);
    columns.partner.copy(bytes, record.partner);
    columns.currency.copy(bytes, record.currency);
    columns.rule_set.push(outcome.ruleSet);
    columns.rule_set_hash.push(outcome.ruleSetHash);
    columns.late.push(outcome.late ? 1 : 0);
    columns.kind.push(record.kind);
    columns.status.push(outcome.status);
    columns.reason.copy(bytes, outcome.reason);
    columns.id.copy(bytes, record.id);
    columns.checkout.copy(bytes, record.ordered.checkout);
    columns.member.copy(bytes, record.member);
    columns.store.copy(bytes, record.store);
    columns.channel.copy(bytes, record.channel);
    this.#addTotals(outcome.sold?.totals ?? mirrored(outcome.returned));
    this.#addPoints(record.moves);
    this.endRow();
  }

  #addTotals(totals: RowTotals): void {
    const { columns } = this;
    columns.gross.push(totals.gross);
    columns.discount.push(totals.discount);
    columns.delivery.push(totals.delivery);
    columns.delivery_discount.push(totals.deliveryDiscount);
    columns.paid_with_points.push(totals.paidWithPoints);
    columns.payable.push(totals.payable);
  }

  #addPoints(moves: readonly Move[]): void {
    let accrued = 0;
    let redeemed = 0;
    let expired = 0;
    for (const { movement, points } of moves) {
      const [toAccrued, toRedeemed, toExpired] = POINTS_COLUMNS[movement];
      accrued += toAccrued * points;
      redeemed += toRedeemed * points;
      expired += toExpired * points;
    }
    this.columns.points_accrued.push(accrued);
    this.columns.points_redeemed.push(redeemed);
    this.columns.points_expired.push(expired);
  }
}

/** In which of the three points columns a movement counts, and with which sign. */
const POINTS_COLUMNS: { readonly [movement in Movement]: readonly [number, number, number] } = {
  accrual: [1, 0, 0],
  'accrual-reversal': [-1, 0, 0],
  redemption: [0, 1, 0],
  'redemption-reversal': [0, -1, 0],
  expiry: [0, 0, 1],
  maturity: [0, 0, 0],
  adjustment: [0, 0, 0],
  'initial-balance': [1, 0, 0],
  // A hold is no redemption yet, and a top-up is spent at no till.
  hold: [0, 0, 0],
  'hold-release': [0, 0, 0],
  'hold-expiry': [0, 0, 0],
  'top-up': [0, 0, 0],
  // Points that only change hands, or that a tier group counts anew, are not issued or spent.
  'tier-reset': [0, 0, 0],
  'transfer-out': [0, 0, 0],
  'transfer-in': [0, 0, 0],
  'transfer-back': [0, 0, 0],
  'top-up-reversal': [0, 0, 0],
  merge: [0, 0, 0],
  unmerge: [0, 0, 0],
  forfeit: [0, 0, 1],
  deduction: [0, 0, 0],
  import: [0, 0, 0],
};

const NOTHING: RowTotals = {
  gross: 0,
  discount: 0,
  delivery: 0,
  deliveryDiscount: 0,
  paidWithPoints: 0,
  payable: 0,
};

/** What goes back has a negative sign, so that sums over sales and returns come out net. */
function mirrored(returned: Returned | undefined): RowTotals {
  if (returned === undefined) return NOTHING;
  const { lines, delivery, deliveryDiscount } = returned;
  let gross = 0;
  let discount = 0;
  let paidWithPoints = 0;
  for (const line of lines) {
    gross += line.gross;
    discount += line.discount;
    paidWithPoints += line.paidWithPoints;
  }
  const payable = gross - discount + delivery - deliveryDiscount - paidWithPoints;
  return {
    gross: -gross,
    discount: -discount,
    delivery: -delivery,
    deliveryDiscount: -deliveryDiscount,
    paidWithPoints: -paidWithPoints,
    payable: -payable,
  };
}
