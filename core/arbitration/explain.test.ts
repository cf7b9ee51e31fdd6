import { describe, expect, test } from 'vitest';
import { compiledBy, inputOf } from '../testing/cases.ts';
import { type Explained, recompute } from '../testing/recompute.ts';
import { explain } from './explain.ts';

const RULES = {
  pointTypes: [{ id: 'main', ratio: { points: 1, money: 100 } }],
  arbitration: {
    mode: 'sequential',
    limits: { maxDiscount: { percent: 20 } },
    children: [
      {
        group: 'both',
        mode: 'sum',
        children: [
          { promotion: 'ten', benefits: [{ discount: { percent: 10 } }] },
          { promotion: 'five', benefits: [{ discount: { percent: 5 } }] },
        ],
      },
      { promotion: 'pay', benefits: [{ 'pay-with-points': { points: 10, as: 'discount' } }] },
      { promotion: 'earn', type: 'points-accrual', benefits: [{ points: { rate: 1 } }] },
    ],
  },
};

const QUOTE = {
  id: 'q',
  kind: 'quote',
  member: 'm',
  lines: [
    { id: '1', sku: 'A', quantity: 2, price: 5_000 },
    { id: '2', sku: 'B', quantity: 1, price: 3_333 },
  ],
  pay: { points: 'main', amount: 5 },
};

function explained(): Explained {
  const compiled = compiledBy('compiled', RULES);
  if (compiled === undefined) throw new Error('does not compile');
  const text = { quote: QUOTE, balances: { main: 40 }, seed: 0 };
  const input = inputOf(text, compiled.rules);
  const result = compiled.tree.decide(input);
  if (!result.ok) throw new Error(result.refusal.reason);
  const { totals, lines } = result.decision;
  return { totals: { ...totals }, lines, explanation: explain(compiled.rules, input) };
}

/** The same with one number more or less; the path leads to it. */
function falsified(path: readonly (string | number)[]): Explained {
  const copy = structuredClone(explained());
  // Plain data, walked by the path that the table names.
  let place = copy as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  place[last] = Number(place[last]) + 1;
  return copy;
}

test('what the engine explains adds up', () => {
  expect(recompute(explained())).toEqual([]);
});

describe('the independent checker notices one wrong minor unit or point in', () => {
  const root = ['explanation', 'levels', 0, 'root'] as const;
  test.each<readonly (readonly (string | number)[])[]>([
    [['totals', 'payable']],
    [['totals', 'discount']],
    [['totals', 'gross']],
    [['lines', 0, 'net']],
    [['lines', 1, 'discount']],
    [['lines', 0, 'paidWithPoints']],
    [['lines', 0, 'awards', 0, 'applied']],
    [['explanation', 'opening', 0]],
    [['explanation', 'closing', 1]],
    [['explanation', 'redemptions', 0, 'points']],
    [['explanation', 'redemptions', 0, 'amountShares', 0]],
    [['explanation', 'accruals', 0, 'shares', 1]],
    [[...root, 'effects', 0, 'applied', 0]],
    [[...root, 'cuts', 0, 'allowed']],
    [[...root, 'cuts', 0, 'total']],
    [[...root, 'cuts', 0, 'limit', 'base']],
    [[...root, 'cuts', 0, 'parts', 0, 'after']],
    [[...root, 'splits', 0, 'total']],
    [[...root, 'splits', 0, 'shares', 1]],
    [[...root, 'children', 1, 'splits', 0, 'residual', 0]],
    [[...root, 'children', 0, 'input', 0]],
    [[...root, 'children', 1, 'input', 0]],
    [[...root, 'children', 0, 'children', 1, 'input', 1]],
  ])('%j', (path) => {
    expect(recompute(falsified(path))).not.toEqual([]);
  });
});

test('an explanation says what every node found, did and gave up', () => {
  const [product] = explained().explanation.levels;
  const both = product?.root.children[0];
  expect(both?.children.map(({ id, input }) => [id, input])).toEqual([
    ['ten', [10_000, 3_333, 0]],
    ['five', [10_000, 3_333, 0]],
  ]);
  expect(product?.root.children[1]?.input).toEqual([8_500, 2_833, 0]);
});

test('an explanation says which limit of which node took what from whom', () => {
  const [product] = explained().explanation.levels;
  expect(product?.root.cuts).toEqual([
    {
      limit: {
        kind: 'max-discount',
        cap: { kind: 'percent', percent: 200_000, per: 'order' },
        base: 13_333,
        used: 0,
      },
      of: 'main',
      allowed: 2_666,
      total: 3_000,
      parts: [
        { promotion: 'pay', index: 0, slot: 0, before: 750, after: 500 },
        { promotion: 'pay', index: 0, slot: 1, before: 250, after: 166 },
      ],
    },
  ]);
});

test('an explanation says which line got the residual cent, by which strategy', () => {
  const [product] = explained().explanation.levels;
  expect(product?.root.splits).toEqual([
    {
      of: 'max-discount',
      strategy: 'largest-remainder',
      total: 666,
      slots: [0, 1],
      weights: [750, 250],
      shares: [500, 166],
      residual: [1, 0],
    },
  ]);
});

test('an explanation says whose floor a price could not go below', () => {
  const document = {
    arbitration: {
      children: [
        {
          group: 'careful',
          limits: { minPrice: { amount: 4_500 } },
          children: [{ promotion: 'half', benefits: [{ discount: { percent: 50 } }] }],
        },
      ],
    },
  };
  const compiled = compiledBy('compiled', document);
  if (compiled === undefined) throw new Error('does not compile');
  const { pay: _, ...quote } = QUOTE;
  const { levels } = explain(
    compiled.rules,
    inputOf({ quote, balances: {}, seed: 0 }, compiled.rules),
  );
  const half = levels[0]?.root.children[0]?.children[0];
  expect(half?.cuts).toEqual([
    {
      limit: { kind: 'min-price', price: 10_000, floor: 9_000 },
      of: 'careful',
      allowed: 1_000,
      total: 5_000,
      parts: [{ promotion: 'half', index: 0, slot: 0, before: 5_000, after: 1_000 }],
    },
    {
      limit: { kind: 'min-price', price: 3_333, floor: 4_500 },
      of: 'careful',
      allowed: 0,
      total: 1_666,
      parts: [{ promotion: 'half', index: 0, slot: 1, before: 1_666, after: 0 }],
    },
  ]);
});

test('an explanation gives the value of every condition, and the reason of who may not take part', () => {
  const document = {
    places: [
      { id: 'kz', kind: 'country' },
      { id: 's-1', kind: 'store', parent: 'kz' },
    ],
    arbitration: {
      children: [
        {
          promotion: 'large',
          when: { 'total.initial': { atLeast: 20_000 }, 'member.segments': { has: 'vip' } },
          benefits: [{ discount: 10 }],
        },
        {
          promotion: 'adult',
          when: { 'member.age': { atLeast: 18 } },
          benefits: [{ discount: 1 }],
        },
      ],
    },
  };
  const compiled = compiledBy('compiled', document);
  if (compiled === undefined) throw new Error('does not compile');
  const { pay: _, ...quote } = QUOTE;
  const text = { quote: { ...quote, store: 's-1' }, balances: {}, seed: 0 };
  const { eligibility, place, member } = explain(compiled.rules, inputOf(text, compiled.rules));
  expect({ place: place.path, member }).toEqual({ place: ['s-1', 'kz'], member: 'm' });
  expect(eligibility).toEqual([
    {
      promotion: 'large',
      isEligible: false,
      reason: 'condition-false',
      conditions: [
        {
          fact: 'member.segments',
          test: { operator: 'is', value: 'vip' },
          value: ['vip'],
          holds: true,
        },
        {
          fact: 'total.initial',
          test: { operator: 'atLeast', value: 20_000 },
          value: 13_333,
          holds: false,
        },
      ],
    },
    {
      promotion: 'adult',
      isEligible: true,
      conditions: [
        { fact: 'member.age', test: { operator: 'atLeast', value: 18 }, value: 36, holds: true },
      ],
    },
  ]);
});

test('an explanation says which limit took what from a payment in points', () => {
  const document = {
    program: { currency: 'EUR' },
    pointTypes: [{ id: 'main', ratio: { points: 1, money: 100 }, payUpTo: { points: 30 } }],
    places: [{ id: 's', kind: 'store', partner: 'baker' }],
    partners: [{ id: 'baker', accepts: { products: [{ sku: 'A', percent: 10 }] } }],
  };
  const compiled = compiledBy('compiled', document);
  if (compiled === undefined) throw new Error('does not compile');
  const quote = { ...QUOTE, store: 's', pay: { points: 'main', amount: 90 } };
  const input = inputOf({ quote, balances: { main: 40 }, seed: 0 }, compiled.rules);
  const result = compiled.tree.decide(input);
  if (!result.ok) throw new Error(result.refusal.reason);
  const { totals, lines } = result.decision;
  const explanation = explain(compiled.rules, input);
  expect(explanation.paymentCuts).toEqual([
    {
      limit: { kind: 'balance', type: 'main' },
      of: undefined,
      allowed: 4_000,
      total: 9_000,
      parts: [],
    },
    {
      limit: { kind: 'type-limit', type: 'main' },
      of: undefined,
      allowed: 3_000,
      total: 4_000,
      parts: [],
    },
    {
      limit: { kind: 'acceptance', type: 'main' },
      of: undefined,
      allowed: 4_333,
      total: 13_333,
      parts: [{ promotion: '', index: -1, slot: 0, before: 10_000, after: 1_000 }],
    },
  ]);
  expect(totals.paidWithPoints).toBe(3_000);
  const told = { totals: { ...totals }, lines };
  expect(recompute({ ...told, explanation })).toEqual([]);
  const [balance, ...others] = explanation.paymentCuts;
  if (balance === undefined) throw new Error('nothing was cut');
  const paymentCuts = [{ ...balance, allowed: 2_999 }, ...others];
  expect(recompute({ ...told, explanation: { ...explanation, paymentCuts } })).not.toEqual([]);
});

test('an explanation says of which prices a category takes its percentages', () => {
  const document = {
    program: { categories: [{ id: 'first', calculation: 'initial' }] },
    arbitration: {
      children: [
        { promotion: 'half', benefits: [{ discount: 50 }] },
        {
          promotion: 'tenth',
          stacking: { category: 'first' },
          benefits: [{ discount: 10 }, { price: { amount: 1_000 } }],
        },
      ],
    },
  };
  const compiled = compiledBy('compiled', document);
  if (compiled === undefined) throw new Error('does not compile');
  const { pay: _, ...quote } = QUOTE;
  const input = inputOf({ quote, balances: {}, seed: 0 }, compiled.rules);
  const [half, tenth] = explain(compiled.rules, input).levels[0]?.root.children ?? [];
  expect(half?.effects.map(({ calculation }) => calculation)).toEqual([undefined]);
  expect(tenth?.effects).toMatchObject([
    { benefit: 'discount', requested: [1_000, 333, 0], calculation: 'initial' },
    { benefit: 'price' },
  ]);
  expect(tenth?.effects[1]).not.toHaveProperty('calculation');
});
