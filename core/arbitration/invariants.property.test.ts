import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mulDiv } from '../money/rounding.ts';
import { MILLION, type NormalRuleSet } from '../rules/normal.ts';
import { type CaseText, compiledBy, inputOf } from '../testing/cases.ts';
import { balances, childrenOf, quotes, ruleSets, withChildren } from '../testing/rule-sets.ts';
import type { ArbitrationInput, Decision } from './decision.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);
const seed = fc.integer({ min: 0, max: 900 });
const caseText = fc.record({ quote: quotes, balances, seed });
const sum = (numbers: readonly number[]) => numbers.reduce((soFar, one) => soFar + one, 0);

interface Scene {
  readonly rules: NormalRuleSet;
  readonly input: ArbitrationInput;
  readonly decision: Decision;
}

/** The decision of a random case; `undefined` when it is refused. */
function sceneOf(document: unknown, text: CaseText): Scene | undefined {
  const compiled = compiledBy('compiled', document);
  if (compiled === undefined) return undefined;
  const input = inputOf(text, compiled.rules);
  const result = compiled.tree.decide(input);
  return result.ok ? { rules: compiled.rules, input, decision: result.decision } : undefined;
}

function always(name: string, holds: (scene: Scene) => void): void {
  test(name, () => {
    fc.assert(
      fc.property(ruleSets(), caseText, (document, text) => {
        const scene = sceneOf(document, text);
        if (scene !== undefined) holds(scene);
      }),
      { numRuns: RUNS },
    );
  });
}

describe('whatever the rule set and the checkout', () => {
  always('lines sum to the totals, and awards to the lines', ({ decision }) => {
    const { totals, lines, deliveryAwards } = decision;
    expect(sum(lines.map(({ gross }) => gross))).toBe(totals.gross);
    expect(sum(lines.map(({ discount }) => discount))).toBe(totals.discount);
    expect(sum(lines.map((line) => line.paidWithPoints))).toBe(totals.paidWithPoints);
    for (const { gross, discount, net, awards } of lines) {
      expect(net).toBe(gross - discount);
      expect(sum(awards.map(({ applied }) => applied))).toBe(discount);
    }
    expect(sum(deliveryAwards.map(({ applied }) => applied))).toBe(totals.deliveryDiscount);
    const { gross, discount, delivery, deliveryDiscount, paidWithPoints, payable } = totals;
    expect(payable).toBe(gross - discount + delivery - deliveryDiscount - paidWithPoints);
  });

  always('nothing falls below zero, and points pay no more than the price', ({ decision }) => {
    for (const { net, paidWithPoints, gross } of decision.lines) {
      expect(net).toBeGreaterThanOrEqual(0);
      expect(paidWithPoints).toBeGreaterThanOrEqual(0);
      expect(paidWithPoints).toBeLessThanOrEqual(net);
      expect(gross).toBeGreaterThanOrEqual(0);
    }
    expect(decision.totals.payable).toBeGreaterThanOrEqual(0);
  });

  always('nothing is applied that was not requested', ({ decision }) => {
    for (const { awards } of decision.lines) {
      for (const { requested, applied } of awards) expect(applied).toBeLessThanOrEqual(requested);
    }
  });

  always('shares of points and money sum to their wholes', ({ decision }) => {
    for (const { shares, points } of decision.accruals) {
      expect(sum(shares)).toBe(points);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    }
    for (const { points, amount, pointShares, amountShares } of decision.redemptions) {
      expect(sum(pointShares)).toBe(points);
      expect(sum(amountShares)).toBe(amount);
    }
  });

  always('no more points are spent than the member has', ({ decision, input }) => {
    const spent = new Map<string, number>();
    for (const { type, points } of decision.redemptions) {
      spent.set(type, (spent.get(type) ?? 0) + points);
    }
    for (const [type, points] of spent) {
      expect(points).toBeLessThanOrEqual(input.member?.points.get(type) ?? 0);
    }
  });

  always('every promotion has applied or has a reason', ({ decision, rules }) => {
    const missed = decision.notApplied.map(({ promotion }) => promotion);
    expect(new Set(missed).size).toBe(missed.length);
    const did = new Set(
      [
        decision.lines.flatMap(({ awards }) => awards.filter(({ applied }) => applied !== 0)),
        decision.deliveryAwards.filter(({ applied }) => applied !== 0),
        decision.accruals,
        decision.redemptions,
      ]
        .flat()
        .map(({ promotion }) => promotion),
    );
    for (const { id } of rules.promotions) {
      if (did.has(id)) expect(missed).not.toContain(id);
    }
    for (const { reason } of decision.notApplied) expect(reason).not.toBe('');
  });

  always('main arbitration caps the discount on goods', ({ decision, rules }) => {
    const cap = rules.root.limits.maxDiscount;
    if (cap === undefined || cap.per !== 'order' || hasOrderRounding(rules)) return;
    const { gross, discount } = decision.totals;
    const most = cap.kind === 'amount' ? cap.amount : mulDiv(gross, cap.percent, MILLION, 'floor');
    expect(discount).toBeLessThanOrEqual(most);
  });

  always('main arbitration holds every line at its floor', ({ decision, rules, input }) => {
    const floor = rules.root.limits.minPrice;
    if (floor?.kind !== 'amount') return;
    decision.lines.forEach(({ net, gross }, index) => {
      const quantity = input.checkout.lines[index]?.quantity ?? 0;
      const least = mulDiv(floor.amount, quantity, 1000, 'ceil');
      expect(net).toBeGreaterThanOrEqual(Math.min(gross, least));
    });
  });
});

function hasOrderRounding({ promotions }: NormalRuleSet): boolean {
  return promotions.some(({ body }) =>
    body.benefits.some(({ kind, target }) => kind === 'round' && target === 'order'),
  );
}

describe('laws of the modes', () => {
  const PRICES = ['discount'];
  // One level only: what product-level benefits do changes what order-level ones find.
  const plain = ruleSets(0).map((document) => onlyOnLines(onlyBenefits(document, PRICES)));

  test('summation does not care for the order of its children', () => {
    fc.assert(
      fc.property(plain, caseText, (document, text) => {
        const children = childrenOf(document);
        const forwards = sceneOf(withChildren(document, { mode: 'sum', children }), text);
        const backwards = sceneOf(
          withChildren(document, { mode: 'sum', children: children.toReversed() }),
          text,
        );
        expect(backwards?.decision.totals).toEqual(forwards?.decision.totals);
      }),
      { numRuns: RUNS },
    );
  });

  test('maximum benefit is never worse than any single child', () => {
    fc.assert(
      fc.property(plain, caseText, (document, text) => {
        const children = childrenOf(document);
        const best = sceneOf(withChildren(document, { mode: 'max', children }), text);
        for (const child of children) {
          const single = sceneOf(withChildren(document, { mode: 'max', children: [child] }), text);
          if (best === undefined || single === undefined) continue;
          expect(best.decision.totals.payable).toBeLessThanOrEqual(single.decision.totals.payable);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('promotions of points never change a price', () => {
    const granting = ruleSets().map((document) =>
      onlyBenefits(document, ['points', 'multiply-points', 'text']),
    );
    fc.assert(
      fc.property(granting, caseText, (document, text) => {
        const { discount, deliveryDiscount } = sceneOf(document, text)?.decision.totals ?? {
          discount: 0,
          deliveryDiscount: 0,
        };
        expect([discount, deliveryDiscount]).toEqual([0, 0]);
      }),
      { numRuns: RUNS },
    );
  });

  test('equal inputs give equal bytes', () => {
    fc.assert(
      fc.property(ruleSets(), caseText, (document, text) => {
        const once = JSON.stringify(sceneOf(document, text)?.decision);
        expect(JSON.stringify(sceneOf(document, text)?.decision)).toBe(once);
      }),
      { numRuns: RUNS },
    );
  });
});

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
