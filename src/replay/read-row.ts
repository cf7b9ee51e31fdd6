import { readLondonTime } from './london-time.ts';
import { readPence } from './pence.ts';
import type { GoodRow, ReadRow, RetailRow, RowReason } from './retail-row.ts';

/** Postage and carriage: they become the delivery price of their invoice. */
const POSTAGE_CODES = new Set(['POST', 'DOT', 'C2']);

/** Stock codes that are no goods: manual entries, samples, discounts, fees, bad debt, charity. */
const OTHER_CODES = new Set([
  'M',
  'S',
  'D',
  'B',
  'ADJUST',
  'ADJUST2',
  'AMAZONFEE',
  'BANK CHARGES',
  'CRUK',
  'TEST001',
  'TEST002',
]);
const VOUCHER = /^GIFT_\d+_\d+$/;
const INVOICE = /^(C?)\d{1,12}$/;
const INTEGER = /^-?\d{1,9}$/;

/**
 * Believes a row or says why not. A ladder of guards; their order is the order of `ROW_REASONS`
 * and part of the report's meaning.
 */
export function readRow(raw: RetailRow | undefined): ReadRow {
  if (raw === undefined) return refused('malformed-row');
  const reason = nameProblem(raw);
  if (reason !== undefined) return refused(reason);

  const occurredAt = readLondonTime(raw.date);
  if (occurredAt === undefined) return refused('invalid-date');
  if (!INTEGER.test(raw.quantity)) return refused('invalid-quantity');
  const price = readPence(raw.price);
  if (price === undefined) return refused('invalid-price');

  const kind = kindOf(raw);
  const quantity = Number(raw.quantity);
  const problem = kind.ok ? valueProblem(kind.kind, { quantity, pence: price.pence }) : kind.reason;
  if (problem !== undefined || !kind.ok) return refused(problem ?? 'not-a-product');
  return { ok: true, row: goodRow(raw, { kind: kind.kind, occurredAt, quantity, price }) };
}

function nameProblem(raw: RetailRow): RowReason | undefined {
  if (raw.invoice === '') return 'missing-invoice';
  if (raw.invoice.startsWith('A')) return 'adjustment-invoice';
  if (!INVOICE.test(raw.invoice)) return 'unknown-invoice-kind';
  if (raw.stockCode === '') return 'missing-stock-code';
  if (raw.country === '') return 'missing-country';
  return undefined;
}

type Kind =
  | { readonly ok: true; readonly kind: GoodRow['kind'] }
  | { readonly ok: false; readonly reason: RowReason };

function kindOf(raw: RetailRow): Kind {
  const isReturn = raw.invoice.startsWith('C');
  const code = raw.stockCode.toUpperCase();
  if (OTHER_CODES.has(code) || VOUCHER.test(code)) return { ok: false, reason: 'not-a-product' };
  if (!POSTAGE_CODES.has(code)) return { ok: true, kind: isReturn ? 'return' : 'sale' };
  return isReturn ? { ok: false, reason: 'postage-refund' } : { ok: true, kind: 'postage' };
}

function valueProblem(
  kind: GoodRow['kind'],
  value: { readonly quantity: number; readonly pence: number },
): RowReason | undefined {
  // The price of goods that come back does not matter: they go at the price they were bought for.
  if (kind === 'return') return value.quantity >= 0 ? 'quantity-not-negative' : undefined;
  if (value.quantity <= 0) return 'quantity-not-positive';
  if (value.pence < 0) return 'price-negative';
  if (value.pence === 0) return 'price-zero';
  return undefined;
}

interface Read {
  readonly kind: GoodRow['kind'];
  readonly occurredAt: string;
  readonly quantity: number;
  readonly price: { readonly pence: number; readonly isRounded: boolean };
}

function goodRow(raw: RetailRow, read: Read): GoodRow {
  const isReturn = read.kind === 'return';
  return {
    kind: read.kind,
    invoice: raw.invoice,
    stockCode: raw.stockCode,
    description: raw.description,
    quantity: Math.abs(read.quantity),
    occurredAt: read.occurredAt,
    price: isReturn ? 0 : read.price.pence,
    isPriceRounded: !isReturn && read.price.isRounded,
    // Some copies of the data set write the number as a decimal.
    customer: raw.customer.replace(/\.0$/, ''),
    country: raw.country,
  };
}

function refused(reason: RowReason): ReadRow {
  return { ok: false, reason };
}
