import assert from 'node:assert/strict';
import { childrenOf, ruleSets, withChildren } from '../rule-sets.ts';
import type { Law, LawCase } from './law.ts';
import { casesOf, scenesOf } from './scene.ts';

/** Laws of single modes of arbitration. */

// One level only: what product-level benefits do changes what order-level ones find.
const plain = ruleSets(0).map((document) => onlyOnLines(onlyBenefits(document, ['discount'])));

function totalsOf(one: LawCase) {
  return scenesOf(one).map(({ decision }) => decision.totals);
}

const SUM_IS_UNORDERED: Law = {
  name: 'summation does not care for the order of its children',
  cases: casesOf(plain),
  holds: (one) => {
    const children = childrenOf(one.ruleSet);
    const as = (list: typeof children) =>
      totalsOf({ ...one, ruleSet: withChildren(one.ruleSet, { mode: 'sum', children: list }) });
    assert.deepEqual(as(children.toReversed()), as(children));
  },
};

const MAXIMUM_BEATS_SINGLES: Law = {
  name: 'maximum benefit is never worse than any single child',
  cases: casesOf(plain),
  holds: (one) => {
    const children = childrenOf(one.ruleSet);
    const as = (list: typeof children) =>
      totalsOf({ ...one, ruleSet: withChildren(one.ruleSet, { mode: 'max', children: list }) });
    const [best] = as(children);
    for (const child of children) {
      const [single] = as([child]);
      if (best !== undefined && single !== undefined) assert.ok(best.payable <= single.payable);
    }
  },
};

const DISCOUNTS_LIFT_NO_PRICE: Law = {
  name: 'discounts never lift a price',
  cases: casesOf(plain),
  holds: (one) => {
    for (const { decision } of scenesOf(one)) {
      for (const { discount } of decision.lines) assert.ok(discount >= 0, `${discount} off`);
    }
  },
};

const POINTS_CHANGE_NO_PRICE: Law = {
  name: 'promotions of points never change a price',
  cases: casesOf(
    ruleSets().map((document) => onlyBenefits(document, ['points', 'multiply-points', 'text'])),
  ),
  holds: (one) => {
    for (const { discount, deliveryDiscount } of totalsOf(one)) {
      assert.deepEqual([discount, deliveryDiscount], [0, 0]);
    }
  },
};

/** The same tree, in which promotions without any of these benefits give 1 % instead. */
function onlyBenefits(document: unknown, kinds: readonly string[]): unknown {
  const text = JSON.stringify(document, (key, value) => {
    if (key !== 'list' || !Array.isArray(value)) return value;
    const kept = value.filter((one) => kinds.some((kind) => kind in one));
    const [kind = 'discount'] = kinds;
    return kept.length > 0 ? kept : [kind === 'discount' ? { discount: 1 } : { points: 1 }];
  });
  return JSON.parse(text);
}

function onlyOnLines(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document, (key, value) => (key === 'target' ? 'lines' : value)));
}

export const MODE_LAWS: readonly Law[] = [
  SUM_IS_UNORDERED,
  MAXIMUM_BEATS_SINGLES,
  DISCOUNTS_LIFT_NO_PRICE,
  POINTS_CHANGE_NO_PRICE,
];
