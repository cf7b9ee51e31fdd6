import type { CheckoutJson, EnrolJson, LineJson } from '../generate/transaction-json.ts';
import type { Invoice } from './invoice-book.ts';
import { note, type PlanContext, type PlanStep, type Ticket } from './plan-step.ts';
import type { GoodRow } from './retail-row.ts';

/** Members known to be enrolled. Beyond it one may be enrolled again and refused: harmless. */
export const MEMBERS_REMEMBERED_MAX = 1_000_000;
/** Characters of a product name that travel with a line. */
const NAME_LENGTH_MAX = 120;

/**
 * An invoice becomes one checkout (or several, when it has more lines than one may have), with
 * its postage as the delivery price. A customer's first checkout is preceded by the enrolment.
 */
export function* planCheckouts(invoice: Invoice, context: PlanContext): Generator<PlanStep> {
  const sold = invoice.rows.filter((row) => row.kind === 'sale');
  const postage = invoice.rows.filter((row) => row.kind === 'postage');
  if (sold.length === 0) {
    yield { kind: 'rejected', reason: 'postage-without-goods', rows: postage.length };
    return;
  }
  yield* saleNotes(invoice, sold);
  yield* enrolment(invoice, context);

  const { linesMax } = context.options;
  if (sold.length > linesMax) yield note('split-invoices', 1);
  for (let start = 0; start < sold.length; start += linesMax) {
    const part = { rows: sold.slice(start, start + linesMax), start, postage };
    yield checkoutStep(invoice, part, context);
  }
}

interface Part {
  readonly rows: readonly GoodRow[];
  /** Lines of the invoice before this part. */
  readonly start: number;
  readonly postage: readonly GoodRow[];
}

function checkoutStep(invoice: Invoice, part: Part, context: PlanContext): PlanStep {
  const ordinal = part.start / context.options.linesMax + 1;
  const id = `${context.options.idPrefix}/${invoice.number}${ordinal === 1 ? '' : `/${ordinal}`}`;
  const lines = part.rows.map((row, index) => lineOf(row, String(part.start + index + 1)));
  part.rows.forEach((row, index) => {
    if (row.customer === '') return;
    const line = String(part.start + index + 1);
    context.purchases.buy(row, { checkout: id, line, quantity: row.quantity });
  });

  const checkout: CheckoutJson = {
    id,
    kind: 'checkout',
    ...(invoice.customer === '' ? {} : { member: invoice.customer }),
    store: storeOf(invoice.country),
    channel: 'mail',
    occurredAt: invoice.occurredAt,
    currency: 'GBP',
    lines,
  };
  const tickets: Ticket[] = [{ rows: lines.length, use: 'sold', waitsFor: 1 }];
  // The whole postage goes with the first part.
  if (ordinal === 1 && part.postage.length > 0) {
    checkout.delivery = part.postage.reduce((sum, row) => sum + row.price * row.quantity, 0);
    tickets.push({ rows: part.postage.length, use: 'postage', waitsFor: 1 });
  }
  return { kind: 'send', planned: { transaction: checkout, tickets } };
}

function lineOf(row: GoodRow, id: string): LineJson {
  const line: LineJson = { id, sku: row.stockCode, quantity: row.quantity, price: row.price };
  const name = row.description
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, NAME_LENGTH_MAX);
  return name === '' ? line : { ...line, fields: { name } };
}

function* enrolment(invoice: Invoice, context: PlanContext): Generator<PlanStep> {
  const { enrolled, options } = context;
  if (invoice.customer === '' || enrolled.has(invoice.customer)) return;
  if (enrolled.size >= MEMBERS_REMEMBERED_MAX) enrolled.clear();
  enrolled.add(invoice.customer);
  const transaction: EnrolJson = {
    id: `${options.idPrefix}/enrol/${invoice.customer}`,
    kind: 'enrol',
    member: invoice.customer,
    store: storeOf(invoice.country),
    occurredAt: invoice.occurredAt,
  };
  yield { kind: 'send', planned: { transaction, tickets: [] } };
}

function* saleNotes(invoice: Invoice, sold: readonly GoodRow[]): Generator<PlanStep> {
  const count = (holds: (row: GoodRow) => boolean) => sold.filter(holds).length;
  const different = new Set(sold.map(textOf));
  if (invoice.customer === '') yield note('anonymous-rows', sold.length);
  yield note('duplicate-rows', sold.length - different.size);
  yield note(
    'empty-descriptions',
    count((row) => row.description.trim() === ''),
  );
  yield note(
    'rounded-prices',
    count((row) => row.isPriceRounded),
  );
  yield note(
    'other-times',
    count((row) => row.occurredAt !== invoice.occurredAt),
  );
}

function textOf(row: GoodRow): string {
  return [row.stockCode, row.description, row.quantity, row.price, row.occurredAt].join('\n');
}

/** The one store of a country in `online-retail.yaml`: `United Kingdom` → `united-kingdom-orders`. */
export function storeOf(country: string): string {
  return `${country.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-orders`;
}
