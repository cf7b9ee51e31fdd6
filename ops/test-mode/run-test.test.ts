import { expect, test } from 'vitest';
import { ENGINES } from '../../core/arbitration/emit.ts';
import { instant } from '../../core/money/units.ts';
import { type CompiledRuleSet, compileRuleSet } from '../../core/rules/compile.ts';
import { asActive } from './as-active.ts';
import { runTest, type TestResult } from './run-test.ts';
import { readTestRequest } from './test-request.ts';

const DOCUMENT = {
  program: { id: 'p', currency: { code: 'KZT', exponent: 2 }, timezone: 'Asia/Almaty' },
  pointTypes: [
    { id: 'main', kind: 'standard', precision: 0, ratio: { points: 1, money: 100 } },
    { id: 'status', kind: 'qualification', tierGroup: 'club' },
  ],
  tierGroups: [
    {
      id: 'club',
      model: 'cumulative',
      points: 'status',
      tiers: [
        { id: 'bronze', from: 0 },
        { id: 'gold', from: 100 },
      ],
    },
  ],
  partners: [{ id: 'shop', roles: ['issuer', 'acceptor'] }],
  places: [
    { id: 'kz', kind: 'country' },
    { id: 'almaty', kind: 'region', parent: 'kz', zone: 'Asia/Almaty' },
    { id: 's-1', kind: 'store', parent: 'almaty', partner: 'shop' },
  ],
  arbitration: {
    mode: 'sequential',
    children: [
      {
        promotion: 'toys-10',
        type: 'product-discount',
        regions: { in: ['almaty'] },
        lines: { category: { in: ['toys'] } },
        benefits: { list: [{ discount: { percent: 10 } }] },
      },
      {
        promotion: 'gold-5',
        type: 'order-discount',
        when: { 'member.tier': { is: 'gold' } },
        benefits: { list: [{ discount: { percent: 5 }, target: 'order' }] },
      },
      {
        promotion: 'evening',
        type: 'product-discount',
        hours: [
          { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '18:00', to: '20:00' },
        ],
        benefits: { list: [{ discount: { percent: 1 } }] },
      },
      {
        promotion: 'coupon',
        type: 'product-discount',
        when: { codes: { has: 'SAVE' } },
        benefits: { list: [{ discount: { amount: 500 } }] },
      },
      {
        promotion: 'free-delivery',
        type: 'order-discount',
        when: { channel: { is: 'web' } },
        benefits: { list: [{ discount: { percent: 100 }, target: 'delivery' }] },
      },
      {
        promotion: 'summer',
        type: 'product-discount',
        state: 'draft',
        benefits: { list: [{ discount: { percent: 50 } }] },
      },
      {
        promotion: 'earn',
        type: 'points-accrual',
        benefits: { list: [{ points: { type: 'main', rate: 1 } }] },
      },
    ],
  },
};

const LINES = [
  { id: '1', sku: 'TOY', category: ['toys'], quantity: 2, price: 100_000 },
  { id: '2', sku: 'TEA', category: ['food'], quantity: '0.5', price: 60_000 },
];

function compiled(document: unknown = DOCUMENT): CompiledRuleSet {
  const made = compileRuleSet(document, { world: 'closed', emit: ENGINES.compiled });
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics));
  return made.value;
}

function tried(value: unknown, document: unknown = DOCUMENT) {
  const read = readTestRequest(value);
  if (!read.ok) return read;
  const now = instant(Date.UTC(2026, 10, 21, 6));
  return runTest(read.request, { ruleSet: compiled(document), version: 3, store: undefined, now });
}

function resultOf(value: unknown, document: unknown = DOCUMENT): TestResult {
  const outcome = tried(value, document);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome.result;
}

const ORDER = { store: 's-1', channel: 'pos', lines: LINES };

test('the result counts the order and shows it before and after', () => {
  const { result } = resultOf({ order: { ...ORDER, channel: 'web', delivery: 9_000 } });
  expect(result).toMatchObject({ orders: 1, lines: 2, items: 2.5, benefits: 2 });
  expect(result?.before).toEqual({ goods: 230_000, delivery: 9_000, total: 239_000 });
  expect(result?.after).toEqual({ goods: 210_000, delivery: 0, total: 210_000 });
  expect(result).toMatchObject({ discount: 20_000, deliveryDiscount: 9_000, payable: 210_000 });
});

test('a member from context has balances, tiers and codes, and pays with points', () => {
  const member = { points: { main: 900 }, tiers: { club: 'gold' } };
  const order = { ...ORDER, codes: ['SAVE'], pay: { points: 'main', amount: 300 } };
  const { points, order: rows, result } = resultOf({ member, order });
  const main = points?.find(({ type }) => type === 'main');
  expect(main).toMatchObject({ before: 900, redeemed: 300 });
  expect(main?.after).toBe(900 - 300 + (main?.accrued ?? 0));
  expect(rows?.map(({ promotion }) => promotion)).toContain('gold-5');
  expect(rows?.map(({ promotion }) => promotion)).toContain('coupon');
  expect(result?.paidWithPoints).toBe(30_000);
});

test('the rows of the order add up to what the result says', () => {
  const member = { points: { main: 900 }, tiers: { club: 'gold' } };
  const order = { ...ORDER, channel: 'web', delivery: 5_000, pay: { points: 'main', amount: 77 } };
  const { order: rows = [], result, points = [] } = resultOf({ member, order });
  const sum = (unit: string): number =>
    rows.filter((row) => row.unit === unit).reduce((total, row) => total + row.result, 0);
  expect(sum('discount')).toBe((result?.discount ?? 0) + (result?.deliveryDiscount ?? 0));
  expect(sum('payment')).toBe(result?.paidWithPoints);
  expect(sum('points')).toBe(points.reduce((total, row) => total + row.accrued + row.pending, 0));
});

test('every promotion that gave nothing says why', () => {
  const { notApplied, order = [] } = resultOf({ order: { ...ORDER } });
  expect(notApplied?.map(({ promotion, reason }) => [promotion, reason])).toEqual([
    ['gold-5', 'fact-missing'],
    ['evening', 'outside-hours'],
    ['coupon', 'condition-false'],
    ['free-delivery', 'condition-false'],
    ['earn', 'member-required'],
    ['summer', 'draft'],
  ]);
  for (const { message } of notApplied ?? []) expect(message).not.toBe('');
  const applied = new Set(order.map(({ promotion }) => promotion));
  expect([...applied]).toEqual(['toys-10']);
});

test('a local time is one at the place of the order, or in the zone that is named', () => {
  const at = '2026-11-21T18:30';
  const local = resultOf({ at, order: ORDER });
  expect(local).toMatchObject({ at: '2026-11-21T13:30:00.000Z', zone: 'Asia/Almaty' });
  expect(local.order?.map(({ promotion }) => promotion)).toContain('evening');
  const elsewhere = resultOf({ at, zone: 'Europe/London', order: ORDER });
  expect(elsewhere.at).toBe('2026-11-21T18:30:00.000Z');
  expect(elsewhere.order?.map(({ promotion }) => promotion)).not.toContain('evening');
});

test('any instant may be tried, long ago and far ahead', () => {
  expect(resultOf({ at: '1999-01-01T00:00:00Z', order: ORDER }).status).toBe('accepted');
  expect(resultOf({ at: '2099-01-01T00:00:00Z', order: ORDER }).status).toBe('accepted');
});

test('a region stands for any store in it', () => {
  const there = resultOf({ order: { region: 'almaty', lines: LINES } });
  expect(there.result?.discount).toBe(20_000);
  const nowhere = resultOf({ order: { lines: LINES } });
  const why = nowhere.notApplied?.find(({ promotion }) => promotion === 'toys-10');
  expect(why?.reason).toBe('region-unknown');
});

test('drafts can be tried as if they were active', () => {
  const { document, unknown } = asActive(DOCUMENT, ['summer', 'winter']);
  expect(unknown).toEqual(['winter']);
  const { order } = resultOf({ order: ORDER }, document);
  expect(order?.map(({ promotion }) => promotion)).toContain('summer');
  expect(resultOf({ order: ORDER }).order?.map(({ promotion }) => promotion)).not.toContain(
    'summer',
  );
});

test('without auto-calculate the total has to be right', () => {
  expect(tried({ order: ORDER, autoCalculate: false, total: 230_000 }).ok).toBe(true);
  expect(tried({ order: ORDER, total: 1 })).toMatchObject({ problem: { reason: 'total-differs' } });
  const missing = tried({ order: ORDER, autoCalculate: false });
  expect(missing).toMatchObject({ problem: { reason: 'total-missing' } });
  expect(tried({ order: ORDER, autoCalculate: true, total: 1 }).ok).toBe(true);
});

test('an explanation comes when it is asked for, of the state before the decision', () => {
  const member = { points: { main: 900 } };
  const order = { ...ORDER, pay: { points: 'main', amount: 900 } };
  const { explanation } = resultOf({ member, order, explain: true });
  expect(explanation?.redemptions[0]?.points).toBe(900);
  expect(resultOf({ order: ORDER }).explanation).toBeUndefined();
});

test.each([
  [{ order: ORDER, member: 'm-1' }, 'unknown-member', '/member'],
  [{ order: ORDER, member: 7 }, 'invalid-member', '/member'],
  [{ order: ORDER, member: { points: { none: 1 } } }, 'unknown-point-type', '/member/points/none'],
  [{ order: ORDER, member: { points: { main: -1 } } }, 'invalid-points', '/member/points/main'],
  [{ order: ORDER, member: { tiers: { club: 'tin' } } }, 'unknown-tier', '/member/tiers/club'],
  [{ order: { ...ORDER, member: 'm' } }, 'unknown-field', '/order/member'],
  [{ order: ORDER, at: 'soon' }, 'invalid-instant', '/at'],
  [{ order: ORDER, zone: 'Mars/Olympus' }, 'unknown-zone', '/zone'],
  [{ order: ORDER, colour: 1 }, 'unknown-field', '/colour'],
  [{}, 'order-missing', '/order'],
  [
    { order: { lines: [{ sku: 'A', quantity: 1, price: -1 }] } },
    'number-too-small',
    '/order/lines/0/price',
  ],
] as const)('%j is refused as %s', (request, reason, path) => {
  expect(tried(request)).toMatchObject({ ok: false, problem: { reason, path } });
});

test('an order that the rule set refuses is answered as a till would be', () => {
  const { status, outcome, result } = resultOf({ order: { ...ORDER, store: 'nowhere' } });
  expect(status).toBe('rejected');
  expect(outcome).toMatchObject({ status: 'rejected', reason: 'unknown-store' });
  expect(result).toBeUndefined();
});
