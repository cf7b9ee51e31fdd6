import { expect, test } from 'vitest';
import { INVOICES_OPEN_MAX } from './invoice-book.ts';
import { planReplay } from './plan.ts';
import type { PlanOptions, PlanStep } from './plan-step.ts';
import type { RetailRow } from './retail-row.ts';

const OPTIONS: PlanOptions = { idPrefix: 'shop', linesMax: 500 };

function row(text: string, description = 'MUG'): RetailRow {
  const [invoice = '', stockCode = '', quantity = '', customer = '', more = ''] = text.split(' ');
  return {
    invoice,
    stockCode,
    description,
    quantity,
    date: '2011-01-10 10:00:00',
    price: more === '' ? '2.50' : more,
    customer: customer === '-' ? '' : customer,
    country: 'United Kingdom',
  };
}

function plan(rows: readonly RetailRow[], options: Partial<PlanOptions> = {}) {
  const steps = [...planReplay(rows, { ...OPTIONS, ...options })];
  const sent = steps.flatMap((step) => (step.kind === 'send' ? [step.planned] : []));
  return {
    transactions: sent.map((planned) => planned.transaction),
    tickets: sent.map((planned) => planned.tickets),
    refused: steps.flatMap(refusalOf),
    notes: Object.fromEntries(steps.flatMap(noteOf)),
  };
}

function refusalOf(step: PlanStep): string[] {
  return step.kind === 'rejected' || step.kind === 'unmatched'
    ? [`${step.reason} ${step.rows}`]
    : [];
}

function noteOf(step: PlanStep): [string, number][] {
  return step.kind === 'note' && step.count > 0 ? [[step.note, step.count]] : [];
}

test('an invoice is one checkout, after the enrolment of its customer', () => {
  const { transactions } = plan([row('1 MUG 2 ann'), row('1 CUP 1 ann'), row('2 MUG 1 ann')]);
  expect(transactions).toEqual([
    {
      id: 'shop/enrol/ann',
      kind: 'enrol',
      member: 'ann',
      store: 'united-kingdom-orders',
      occurredAt: '2011-01-10T10:00:00+00:00',
    },
    {
      id: 'shop/1',
      kind: 'checkout',
      member: 'ann',
      store: 'united-kingdom-orders',
      channel: 'mail',
      occurredAt: '2011-01-10T10:00:00+00:00',
      currency: 'GBP',
      lines: [
        { id: '1', sku: 'MUG', quantity: 2, price: 250, fields: { name: 'MUG' } },
        { id: '2', sku: 'CUP', quantity: 1, price: 250, fields: { name: 'MUG' } },
      ],
    },
    expect.objectContaining({ id: 'shop/2', kind: 'checkout' }),
  ]);
});

test('an invoice without a customer is an anonymous checkout', () => {
  const { transactions, notes } = plan([row('1 MUG 2 -')]);
  expect(transactions).toHaveLength(1);
  expect(transactions[0]).not.toHaveProperty('member');
  expect(notes).toEqual({ 'anonymous-rows': 1 });
});

test('postage is the delivery price of its invoice', () => {
  const { transactions, tickets } = plan([row('1 MUG 2 -'), row('1 POST 3 - 18.00')]);
  expect(transactions).toEqual([expect.objectContaining({ delivery: 5400 })]);
  expect(tickets).toEqual([
    [
      { rows: 1, use: 'sold', waitsFor: 1 },
      { rows: 1, use: 'postage', waitsFor: 1 },
    ],
  ]);
});

test('an invoice of nothing but postage is rejected', () => {
  expect(plan([row('1 POST 1 ann'), row('1 DOT 1 ann')])).toMatchObject({
    transactions: [],
    refused: ['postage-without-goods 2'],
  });
});

test('equal rows of an invoice are lines of their own, and counted', () => {
  const { transactions, notes } = plan([row('1 MUG 1 -'), row('1 MUG 1 -'), row('1 MUG 1 -')]);
  expect(transactions).toEqual([expect.objectContaining({ lines: expect.any(Array) })]);
  expect(notes).toMatchObject({ 'duplicate-rows': 2 });
});

test('a product without a description has no name', () => {
  const { transactions, notes } = plan([row('1 MUG 1 -', '')]);
  expect(transactions[0]).toMatchObject({ lines: [{ id: '1', sku: 'MUG' }] });
  expect(transactions).not.toEqual([expect.objectContaining({ lines: [{ fields: {} }] })]);
  expect(notes).toMatchObject({ 'empty-descriptions': 1 });
});

test('an invoice with too many lines is sent as several checkouts', () => {
  const rows = [row('1 A 1 ann'), row('1 T 1 ann'), row('1 C 1 ann'), row('1 POST 1 ann')];
  const { transactions, notes } = plan([...rows, row('C1 C -1 ann')], { linesMax: 2 });
  expect(transactions.map((transaction) => transaction.id)).toEqual([
    'shop/enrol/ann',
    'shop/1',
    'shop/1/2',
    'shop/C1/1/2',
  ]);
  expect(transactions[2]).toMatchObject({ lines: [{ id: '3', sku: 'C' }] });
  expect(transactions[3]).toMatchObject({
    checkout: 'shop/1/2',
    lines: [{ id: '3', quantity: 1 }],
  });
  expect(notes).toMatchObject({ 'split-invoices': 1 });
});

test('a stray row joins its invoice as long as that is open, and is refused later', () => {
  const others = Array.from({ length: INVOICES_OPEN_MAX }, (_, index) =>
    row(`${10 + index} A 1 -`),
  );
  const soon = plan([row('1 A 1 -'), row('2 A 1 -'), row('1 T 1 -')]);
  expect(soon.transactions.map((transaction) => transaction.id)).toEqual(['shop/1', 'shop/2']);
  const late = plan([row('1 A 1 -'), ...others, row('1 T 1 -')]);
  expect(late.refused).toEqual(['invoice-closed 1']);
});

test('a row of another customer than the rest of its invoice is refused', () => {
  expect(plan([row('1 A 1 ann'), row('1 T 1 bob')]).refused).toEqual(['invoice-mixed 1']);
});

test('what comes back is matched to the newest purchase first, over several checkouts', () => {
  const { transactions, tickets, notes } = plan([
    row('1 MUG 3 ann'),
    row('2 MUG 2 ann'),
    row('3 MUG 9 bob'),
    row('C4 MUG -4 ann'),
  ]);
  expect(transactions.filter((transaction) => transaction.kind === 'return')).toEqual([
    expect.objectContaining({
      id: 'shop/C4/2',
      member: 'ann',
      checkout: 'shop/2',
      lines: [{ id: '1', quantity: 2 }],
    }),
    expect.objectContaining({
      id: 'shop/C4/1',
      checkout: 'shop/1',
      lines: [{ id: '1', quantity: 2 }],
    }),
  ]);
  const shared = { rows: 1, use: 'returned', waitsFor: 2 };
  expect(tickets.slice(-2)).toEqual([[shared], [shared]]);
  expect(notes).toEqual({ 'units-back': 4 });
});

test('rows of one cancellation that touch the same checkout are one return', () => {
  const { transactions } = plan([
    row('1 MUG 3 ann'),
    row('1 CUP 3 ann'),
    row('C2 MUG -1 ann'),
    row('C2 CUP -1 ann'),
    row('C2 MUG -1 ann'),
  ]);
  expect(transactions.at(-1)).toMatchObject({
    id: 'shop/C2/1',
    lines: [
      { id: '1', quantity: 2 },
      { id: '2', quantity: 1 },
    ],
  });
});

test('more than was bought is returned in part, and then not at all', () => {
  const { tickets, refused, notes } = plan([
    row('1 MUG 3 ann'),
    row('C2 MUG -5 ann'),
    row('C3 MUG -1 ann'),
  ]);
  expect(tickets.at(-1)).toEqual([{ rows: 1, use: 'returned-in-part', waitsFor: 1 }]);
  expect(refused).toEqual(['return-all-back 1']);
  expect(notes['units-back']).toBe(3);
});

test('returns without a customer or without a purchase are unmatched', () => {
  const rows = [row('1 MUG 3 -'), row('C2 MUG -1 -'), row('C3 MUG -1 ann')];
  expect(plan(rows).refused).toEqual(['return-anonymous 1', 'return-never-bought 1']);
});

test('purchases beyond the limit are forgotten, the oldest first', () => {
  const rows = [row('1 MUG 1 ann'), row('2 CUP 1 ann'), row('C3 CUP -1 ann'), row('C4 MUG -1 ann')];
  expect(plan(rows, { purchasesRememberedMax: 1 }).refused).toEqual(['return-never-bought 1']);
});
