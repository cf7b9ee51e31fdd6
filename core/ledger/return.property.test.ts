import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import { compiledTree } from '../testing/compiled-tree.ts';
import { TestLedger } from '../testing/ledger.ts';

/** Thresholds, gifts, limits, points paid and points earned, by every policy. */
function shop(returns: 'keep' | 'reevaluate'): ArbitrationTree {
  const children = [
    {
      promotion: 'third-free',
      type: 'product-discount',
      lines: { order: 'cheapest-first', take: 1, every: 3, count: 'units' },
      benefits: [{ discount: { percent: 100 } }],
    },
    {
      promotion: 'big-basket',
      type: 'order-discount',
      when: { 'total.initial': { atLeast: 50_000 } },
      limits: { perMember: { uses: 1, per: 'year' } },
      benefits: [{ discount: { amount: 1_777 } }],
    },
    { promotion: 'earn', type: 'points-accrual', benefits: [{ points: { rate: 0.37 } }] },
    {
      promotion: 'status',
      type: 'points-accrual',
      benefits: [{ points: { type: 'status', every: { spend: 10_000, points: 10 } } }],
    },
  ];
  return compiledTree({
    program: { settings: { returns } },
    pointTypes: [
      { id: 'main', precision: 2, initialBalance: 40 },
      { id: 'status', kind: 'qualification' },
    ],
    arbitration: { mode: 'sequential', children },
  });
}
const TREES = { keep: shop('keep'), reevaluate: shop('reevaluate') } as const;

const line = fc.record({
  quantity: fc.oneof(
    fc.integer({ min: 1, max: 7 }),
    fc.integer({ min: 1, max: 4_000 }).map((n) => (n / 1_000).toFixed(3)),
  ),
  price: fc.integer({ min: 1, max: 30_000 }),
});
const basket = fc.array(line, { minLength: 1, maxLength: 4 });
/** Which line each step touches, and which share of what is left of it comes back. */
const steps = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 100 })), { maxLength: 8 });

interface Plan {
  readonly lines: readonly { readonly quantity: string | number; readonly price: number }[];
  readonly steps: readonly (readonly [number, number])[];
  readonly pay: number;
}

/** Sells, brings everything back in the steps of the plan, and sums up what came back. */
function sellAndReturn(tree: ArbitrationTree, plan: Plan) {
  const ledger = new TestLedger(tree);
  ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
  const lines = plan.lines.map((each, index) => ({ id: `${index}`, sku: `S${index}`, ...each }));
  const pay = { points: 'main', amount: plan.pay };
  const sale = ledger.when({ id: 'sale', kind: 'checkout', member: 'm', lines, delivery: 99, pay });
  if (sale.outcome.status !== 'accepted' || !sale.outcome.decision) throw new Error('not sold');

  const left = lines.map(({ quantity }) => Math.round(Number(quantity) * 1_000));
  const total = { gross: 0, discount: 0, paid: 0, delivery: 0, deliveryDiscount: 0 };
  const bring = (id: string, part?: readonly object[]) => {
    const { outcome } = ledger.when({
      id,
      kind: 'return',
      checkout: 'sale',
      ...(part ? { lines: part } : {}),
    });
    if (outcome.status !== 'accepted' || !outcome.reversal) throw new Error(`${id} refused`);
    total.delivery += outcome.reversal.delivery;
    total.deliveryDiscount += outcome.reversal.deliveryDiscount;
    for (const row of outcome.reversal.lines) {
      total.gross += row.gross;
      total.discount += row.discount;
      total.paid += row.paidWithPoints;
    }
  };
  for (const [position, [which, share]] of plan.steps.entries()) {
    const index = which % lines.length;
    const quantity = Math.ceil(((left[index] ?? 0) * share) / 100);
    if (quantity === 0) continue;
    left[index] = (left[index] ?? 0) - quantity;
    bring(`r${position}`, [{ id: `${index}`, quantity: (quantity / 1_000).toFixed(3) }]);
  }
  if (left.some((each) => each > 0)) bring('rest');
  return { ledger, total, totals: sale.outcome.decision.totals };
}

describe.each(['keep', 'reevaluate'] as const)('returns by the policy %s', (policy) => {
  test('sum to the mirror of the sale, in whatever steps they come', () => {
    const pay = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(fc.record({ lines: basket, steps, pay }), (plan) => {
        const { ledger, total, totals } = sellAndReturn(TREES[policy], plan);
        expect(total).toEqual({
          gross: totals.gross,
          discount: totals.discount,
          paid: totals.paidWithPoints,
          delivery: totals.delivery,
          deliveryDiscount: totals.deliveryDiscount,
        });
        // The member has what it had before: nothing earned is kept, nothing spent is lost.
        expect(ledger.entrySum('member:m')).toBe(4_000);
        expect(ledger.entrySum('member:m', 'status')).toBe(0);
        expect(ledger.entrySum('accepted:programme')).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
