import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import type { OrderedLine } from './row-goods.ts';
import type { RowRecord } from './row-record.ts';
import type { ReturnedLine } from './row-returned.ts';
import type { SoldLine } from './row-sold.ts';
import { shownInstant } from './shown-instant.ts';
import { isEmpty } from './stored-text.ts';
import { TableRows } from './table.ts';
import { NO_TEXT } from './text-reader.ts';

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

  add(partition: number, record: RowRecord): void {
    const { sold, returned } = record.outcome;
    const before = this.rows;
    if (sold !== undefined) this.#addLines(record, sold.lines);
    if (returned !== undefined) {
      for (const line of returned.lines) this.#addReturned(record, line);
    }
    this.#addShared(partition, record, this.rows - before);
  }

  #addLines(record: RowRecord, lines: readonly SoldLine[]): void {
    const ordered = record.ordered.lines;
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index];
      if (line !== undefined) this.#addSold(record, line, ordered[index] ?? NOT_ORDERED);
    }
  }

  /** The values that every line of a record has in common. */
  #addShared(partition: number, record: RowRecord, rows: number): void {
    const { columns } = this;
    const { bytes } = record;
    columns.partition.repeat(partition, rows);
    columns.sequence.repeat(record.sequence, rows);
    columns.accepted_at.repeat(shownInstant(record.acceptedAt), rows);
    columns.occurred_at.repeat(shownInstant(record.occurredAt), rows);
    columns.region.repeat(bytes, record.region, rows);
    columns.store.repeat(bytes, record.store, rows);
    columns.currency.repeat(bytes, record.currency, rows);
    for (let position = 1; position <= rows; position += 1) columns.position.push(position);
  }

  #addSold({ bytes, partner }: RowRecord, line: SoldLine, ordered: OrderedLine): void {
    const { columns } = this;
    columns.line.copy(bytes, line.id);
    columns.sku.copy(bytes, ordered.sku);
    columns.category.copy(bytes, ordered.category);
    columns.brand.copy(bytes, ordered.brand);
    columns.partner.copy(bytes, ordered.partner === NO_TEXT ? partner : ordered.partner);
    columns.quantity.push(ordered.quantity);
    columns.price.push(ordered.price);
    columns.gross.push(line.gross);
    columns.discount.push(line.discount);
    columns.paid_with_points.push(line.paidWithPoints);
    this.endRow();
  }

  #addReturned({ bytes, partner }: RowRecord, line: ReturnedLine): void {
    const { columns } = this;
    columns.line.copy(bytes, line.line);
    columns.sku.copy(bytes, line.sku);
    columns.category.copy(bytes, line.category);
    columns.brand.copy(bytes, line.brand);
    columns.partner.copy(bytes, isEmpty(bytes, line.partner) ? partner : line.partner);
    columns.quantity.push(-line.quantity);
    columns.price.push(line.price);
    columns.gross.push(-line.gross);
    columns.discount.push(-line.discount);
    columns.paid_with_points.push(-line.paidWithPoints);
    this.endRow();
  }
}

/** A decision about a line that nobody ordered, as only damage would leave one. */
const NOT_ORDERED: OrderedLine = {
  sku: NO_TEXT,
  category: NO_TEXT,
  brand: NO_TEXT,
  partner: NO_TEXT,
  quantity: 0,
  price: 0,
};
