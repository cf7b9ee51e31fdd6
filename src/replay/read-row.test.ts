import { expect, test } from 'vitest';
import { readRow } from './read-row.ts';
import type { RetailRow, RowReason } from './retail-row.ts';

const GOOD: RetailRow = {
  invoice: '536365',
  stockCode: '85123A',
  description: 'WHITE HANGING HEART',
  quantity: '6',
  date: '2010-12-01 08:26:00',
  price: '2.55',
  customer: '17850',
  country: 'United Kingdom',
};

test('a row of a normal invoice is a sale, in pence and London time', () => {
  expect(readRow(GOOD)).toEqual({
    ok: true,
    row: {
      kind: 'sale',
      invoice: '536365',
      stockCode: '85123A',
      description: 'WHITE HANGING HEART',
      quantity: 6,
      occurredAt: '2010-12-01T08:26:00+00:00',
      price: 255,
      isPriceRounded: false,
      customer: '17850',
      country: 'United Kingdom',
    },
  });
});

test('a row of a cancellation is a return of so many', () => {
  const read = readRow({ ...GOOD, invoice: 'C536379', quantity: '-2', price: '0' });
  expect(read).toMatchObject({ ok: true, row: { kind: 'return', quantity: 2 } });
});

test.each(['POST', 'DOT', 'C2', 'post'])('%s is postage', (stockCode) => {
  expect(readRow({ ...GOOD, stockCode })).toMatchObject({ ok: true, row: { kind: 'postage' } });
});

test('a customer number written as a decimal is the same customer', () => {
  expect(readRow({ ...GOOD, customer: '17850.0' })).toMatchObject({ row: { customer: '17850' } });
});

const refusals: readonly (readonly [RowReason, Partial<RetailRow>])[] = [
  ['missing-invoice', { invoice: '' }],
  ['adjustment-invoice', { invoice: 'A563185', stockCode: 'B', price: '-11062.06' }],
  ['unknown-invoice-kind', { invoice: 'X1' }],
  ['missing-stock-code', { stockCode: '' }],
  ['missing-country', { country: '' }],
  ['invalid-date', { date: '2011-02-29 10:00:00' }],
  ['invalid-date', { date: 'yesterday' }],
  ['invalid-date', { date: '2011-02-28 24:00:00' }],
  ['invalid-quantity', { quantity: '1.5' }],
  ['invalid-quantity', { quantity: '' }],
  ['invalid-price', { price: 'free' }],
  ['invalid-price', { price: '1e3' }],
  ['not-a-product', { stockCode: 'M' }],
  ['not-a-product', { stockCode: 'm' }],
  ['not-a-product', { stockCode: 'BANK CHARGES' }],
  ['not-a-product', { stockCode: 'gift_0001_20' }],
  ['not-a-product', { invoice: 'C536379', stockCode: 'D', quantity: '-1' }],
  ['postage-refund', { invoice: 'C536379', stockCode: 'POST', quantity: '-1' }],
  ['quantity-not-positive', { quantity: '-10', price: '0' }],
  ['quantity-not-positive', { quantity: '0' }],
  ['quantity-not-negative', { invoice: 'C536379', quantity: '3' }],
  ['price-negative', { price: '-1' }],
  ['price-zero', { price: '0' }],
  ['price-zero', { price: '0.001' }],
];

test.each(refusals)('a row is refused: %s %j', (reason, change) => {
  expect(readRow({ ...GOOD, ...change })).toEqual({ ok: false, reason });
});

test('a record with the wrong number of columns is malformed', () => {
  expect(readRow(undefined)).toEqual({ ok: false, reason: 'malformed-row' });
});
