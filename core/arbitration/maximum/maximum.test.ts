import { describe, expect, test } from 'vitest';
import { compiledBy, decided, inputOf } from '../../testing/cases.ts';
import type { Decision } from '../decision.ts';
import type { EngineName } from '../emit.ts';
import { explain } from '../explain.ts';

const NAMES: readonly EngineName[] = ['interpret', 'compiled'];

interface Promotion {
  readonly promotion: string;
  readonly benefits: readonly unknown[];
}

const off = (percent: number) => [{ discount: { percent } }];
const less = (amount: number) => [{ discount: { amount } }];

function ruleSet(children: readonly object[], more: object = {}): unknown {
  return {
    program: { id: 'p', categories: [{ id: 'one', limit: 1 }] },
    pointTypes: [{ id: 'main', ratio: { points: 1, money: 100 } }],
    arbitration: { mode: 'max', children, ...more },
  };
}

function text(prices: readonly number[]) {
  const lines = prices.map((price, index) => ({
    id: String(index + 1),
    sku: `S${index + 1}`,
    quantity: 1,
    price,
  }));
  return { quote: { id: 'q', kind: 'quote', member: 'm', lines }, balances: {}, seed: 0 };
}

function decide(engine: EngineName, rules: unknown, prices: readonly number[]): Decision {
  const result = decided(engine, rules, text(prices));
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.decision;
}

const reasonsOf = ({ notApplied }: Decision) =>
  Object.fromEntries(notApplied.map(({ promotion, reason }) => [promotion, reason]));

describe.each(NAMES)('maximum benefit on the %s engine', (engine) => {
  test('sums what the price bears, because a chain gives less', () => {
    const rules = ruleSet([
      { promotion: 'a', benefits: off(20) },
      { promotion: 'b', benefits: off(30) },
    ]);
    expect(decide(engine, rules, [10_000]).totals.payable).toBe(5_000);
  });

  test('prefers fewer promotions where more of them give no more', () => {
    const rules = ruleSet([
      { promotion: 'half', benefits: off(50) },
      { promotion: 'all', benefits: off(100) },
    ]);
    const decision = decide(engine, rules, [1_000]);
    expect(decision.lines[0]?.awards.map(({ promotion }) => promotion)).toEqual(['all']);
    expect(reasonsOf(decision)).toEqual({ half: 'outbid' });
  });

  test('prefers the earlier of two that give the same', () => {
    const category = { stacking: { category: 'one' } };
    const rules = ruleSet([
      { promotion: 'first', benefits: less(100), ...category },
      { promotion: 'second', benefits: less(100), ...category },
    ]);
    expect(reasonsOf(decide(engine, rules, [1_000]))).toEqual({ second: 'outbid' });
  });

  test('lets one of a category apply, the one that gives more', () => {
    const category = { stacking: { category: 'one' } };
    const rules = ruleSet([
      { promotion: 'small', benefits: less(100), ...category },
      { promotion: 'large', benefits: less(300), ...category },
      { promotion: 'free', benefits: less(50) },
    ]);
    const decision = decide(engine, rules, [1_000]);
    expect(decision.totals.discount).toBe(350);
    expect(reasonsOf(decision)).toEqual({ small: 'outbid' });
  });

  test('takes a promotion that is never stackable only where it beats all others together', () => {
    const children = (percent: number) => [
      { promotion: 'alone', benefits: off(percent), stacking: { category: 'never' } },
      { promotion: 'a', benefits: off(20) },
      { promotion: 'b', benefits: off(25) },
    ];
    expect(decide(engine, ruleSet(children(44)), [1_000]).totals.discount).toBe(450);
    expect(decide(engine, ruleSet(children(46)), [1_000]).totals.discount).toBe(460);
  });

  test('wakes a promotion that asks for lines which are already discounted', () => {
    const rules = ruleSet([
      { promotion: 'one', benefits: off(10), lines: { sku: 'S1' } },
      { promotion: 'more', benefits: less(500), lines: { discounted: true } },
    ]);
    const decision = decide(engine, rules, [10_000, 10_000]);
    expect(decision.lines.map(({ discount }) => discount)).toEqual([1_500, 0]);
  });

  test('weighs points at their value against money', () => {
    const choice = (points: number): readonly Promotion[] => [
      { promotion: 'points', benefits: [{ points }] },
      { promotion: 'money', benefits: less(500) },
    ];
    const rules = (points: number) => ruleSet(choice(points), { combine: 'none' });
    expect(reasonsOf(decide(engine, rules(4), [1_000]))).toEqual({ points: 'outbid' });
    expect(reasonsOf(decide(engine, rules(6), [1_000]))).toEqual({ money: 'outbid' });
  });

  test('gives no more than the maximum discount of the group, with the fewest promotions', () => {
    const rules = ruleSet(
      [
        { promotion: 'a', benefits: less(300) },
        { promotion: 'b', benefits: less(400) },
      ],
      { limits: { maxDiscount: { amount: 350 } } },
    );
    const decision = decide(engine, rules, [1_000]);
    expect(decision.totals.discount).toBe(350);
    expect(reasonsOf(decision)).toEqual({ a: 'outbid' });
  });

  test('decides each line for itself where its scope is the line', () => {
    const category = { stacking: { category: 'one' } };
    const rules = ruleSet(
      [
        { promotion: 'percent', benefits: off(10), ...category },
        { promotion: 'amount', benefits: less(150), ...category },
      ],
      { scope: 'line' },
    );
    expect(decide(engine, rules, [1_000, 2_000]).lines.map(({ discount }) => discount)).toEqual([
      150, 200,
    ]);
  });
});

test('an explanation lists what was compared, and the winner is the best of it', () => {
  const rules = ruleSet([
    { promotion: 'a', benefits: off(20) },
    { promotion: 'b', benefits: less(3_000) },
  ]);
  const compiled = compiledBy('compiled', rules);
  if (compiled === undefined) throw new Error('does not compile');
  const [product] = explain(compiled.rules, inputOf(text([10_000]), compiled.rules)).levels;
  expect(product?.root.candidates?.map(({ way, benefit }) => [way, benefit])).toEqual([
    ['chain', 2_000],
    ['chain', 3_000],
    ['chain', 5_000],
    ['sum', 5_000],
  ]);
  expect(product?.root.gap).toBe(undefined);
});
