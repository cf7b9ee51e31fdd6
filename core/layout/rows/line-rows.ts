import type { LineDecision } from '../../arbitration/decision.ts';
import type { LedgerRecord } from '../../ledger/record.ts';
import { type ReturnedShare, soldBy } from '../../outcome/outcome.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import { shownInstant } from './shown-instant.ts';
import { TableRows } from './table.ts';

/** One row for each line of an accepted checkout, one negative row for each line given back. */
export class LineRows extends TableRows {
  readonly columns = {
    partition: new SmallIntegers(2),
    sequence: new LargeIntegers('UInt64'),
    accepted_at: new LargeIntegers("DateTime64(3, 'UTC')"),
    occurred_at: new LargeIntegers("DateTime64(3, 'UTC')"),
    region: new Texts(),
    store: new Texts(),
    currency: new Texts(),
    position: new SmallIntegers(2),
    line: new Texts(),
    sku: new Texts(),
    category: new Texts(),
    brand: new Texts(),
    partner: new Texts(),
    quantity: new LargeIntegers('Decimal(18, 3)'),
    price: new LargeIntegers('Int64'),
    gross: new LargeIntegers('Int64'),
    discount: new LargeIntegers('Int64'),
    paid_with_points: new LargeIntegers('Int64'),
  };

  add(partition: number, record: LedgerRecord): void {
    const { outcome, transaction, sale } = record;
    if (outcome.status === 'rejected') return;
    const before = this.rows;

    const ordered = transaction?.kind === 'checkout' ? transaction.lines : (sale?.lines ?? []);
    const decided = soldBy(outcome)?.lines ?? [];
    for (let index = 0; index < decided.length; index += 1) {
      const line = decided[index];
      if (line !== undefined) this.#addSold(record, line, ordered[index]);
    }
    for (const share of outcome.reversal?.lines ?? []) this.#addReturned(record, share);

    this.#addShared(partition, record, this.rows - before);
  }

  /** The values that every line of a record has in common. */
  #addShared(partition: number, record: LedgerRecord, rows: number): void {
    const { columns } = this;
    columns.partition.repeat(partition, rows);
    columns.sequence.repeat(record.sequence, rows);
    columns.accepted_at.repeat(shownInstant(record.acceptedAt), rows);
    columns.occurred_at.repeat(shownInstant(record.occurredAt), rows);
    columns.region.repeat(record.region, rows);
    columns.store.repeat(record.store, rows);
    columns.currency.repeat(record.currency, rows);
    for (let position = 1; position <= rows; position += 1) columns.position.push(position);
  }

  #addSold(record: LedgerRecord, line: LineDecision, ordered: OrderLine | undefined): void {
    const { columns } = this;
    columns.line.push(line.id);
    columns.sku.push(ordered?.sku ?? '');
    columns.category.push(ordered?.category[0] ?? '');
    columns.brand.push(ordered?.brand ?? '');
    columns.partner.push(ordered?.partner ?? record.partner);
    columns.quantity.push(ordered?.quantity ?? 0);
    columns.price.push(ordered?.price ?? 0);
    columns.gross.push(line.gross);
    columns.discount.push(line.discount);
    columns.paid_with_points.push(line.paidWithPoints);
    this.endRow();
  }

  #addReturned(record: LedgerRecord, share: ReturnedShare): void {
    const { columns } = this;
    const { sku, category, brand, partner, price } = share.goods;
    columns.line.push(share.line);
    columns.sku.push(sku);
    columns.category.push(category);
    columns.brand.push(brand);
    columns.partner.push(partner === '' ? record.partner : partner);
    columns.quantity.push(-share.quantity);
    columns.price.push(price);
    columns.gross.push(-share.gross);
    columns.discount.push(-share.discount);
    columns.paid_with_points.push(-share.paidWithPoints);
    this.endRow();
  }
}
