import { describe, expect, test } from 'vitest';
import type { LedgerRecord } from '../ledger/record.ts';
import { renderOutcome } from '../outcome/render.ts';
import { compiledTree } from '../testing/compiled-tree.ts';
import { TestLedger } from '../testing/ledger.ts';
import { plainTree } from '../testing/plain-tree.ts';

const DAY = 86_400_000;

/** −10 % from 300, and one point a unit of money. */
function thresholdShop(returns: string): TestLedger {
  const tenth = {
    promotion: 'tenth',
    type: 'order-discount',
    when: { 'total.initial': { atLeast: 30_000 } },
    benefits: [{ discount: { percent: 10 } }],
  };
  const earn = { promotion: 'earn', type: 'points-accrual', benefits: [{ points: { rate: 1 } }] };
  const ledger = new TestLedger(
    compiledTree({
      program: { settings: { returns } },
      pointTypes: [{ id: 'main' }],
      arbitration: { mode: 'sequential', children: [tenth, earn] },
    }),
  );
  ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
  const lines = [{ id: '1', sku: 'A', quantity: 6, price: 5_000 }];
  ledger.when({ id: 'sale', kind: 'checkout', member: 'm', lines });
  return ledger;
}

function back(ledger: TestLedger, id: string, lines?: readonly object[]) {
  return ledger.when({ id, kind: 'return', checkout: 'sale', ...(lines ? { lines } : {}) });
}

function payableOf(record: LedgerRecord): unknown {
  const json = renderOutcome(record.outcome);
  const totals = json['totals'];
  return typeof totals === 'object' && totals && 'payable' in totals ? totals.payable : json;
}

/** −10 % for who has at least 100 points and bought at most once in the 30 days before. */
function choosyShop(): TestLedger {
  const tenth = {
    promotion: 'tenth',
    type: 'order-discount',
    when: { 'member.points.main': { atLeast: 100 }, 'member.purchases.last30d': { atMost: 0 } },
    benefits: [{ discount: { percent: 10 } }],
  };
  const ledger = new TestLedger(
    compiledTree({
      program: { settings: { returns: 'reevaluate' }, timezone: 'UTC' },
      pointTypes: [{ id: 'main' }],
      arbitration: { mode: 'sequential', children: [tenth] },
    }),
  );
  ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
  const lot = { expiresAt: '2026-01-20T00:00:00Z' };
  ledger.when({ id: 'a', kind: 'adjust', member: 'm', type: 'main', amount: 100, lot });
  const lines = [{ id: '1', sku: 'A', quantity: 6, price: 5_000 }];
  ledger.when({ id: 'sale', kind: 'checkout', member: 'm', lines });
  return ledger;
}

describe('a rest that is decided again', () => {
  test('is judged by the purchases before the sale, itself not among them', () => {
    const ledger = choosyShop();
    expect(payableOf(back(ledger, 'r', [{ id: '1', quantity: 1 }]))).toBe(-4_500);
  });

  test.each([false, true])('is judged by the balance of now, ticked before: %s', (ticked) => {
    const ledger = choosyShop();
    ledger.now = Date.UTC(2026, 0, 21);
    const at = new Date(ledger.now).toISOString();
    if (ticked) ledger.when({ id: 't', kind: 'tick', at });
    // The points have expired: the rest costs 25,000 of the 27,000 that were paid.
    expect(payableOf(back(ledger, 'r', [{ id: '1', quantity: 1 }]))).toBe(-2_000);
  });
});

describe('a partial return below the threshold of a discount', () => {
  test('keeps the discount of what is kept, by default', () => {
    const ledger = thresholdShop('keep');
    expect(payableOf(back(ledger, 'r', [{ id: '1', quantity: 5 }]))).toBe(-22_500);
    expect(ledger.entrySum('member:m')).toBe(45);
  });

  test('is worth less where the rest is decided again', () => {
    const ledger = thresholdShop('reevaluate');
    expect(payableOf(back(ledger, 'r1', [{ id: '1', quantity: 5 }]))).toBe(-22_000);
    // The rest would earn 50 now; a return gives no points, so 45 of the 270 would be too few.
    expect(ledger.entrySum('member:m')).toBe(50);
    expect(payableOf(back(ledger, 'r2'))).toBe(-5_000);
    expect(ledger.entrySum('member:m')).toBe(0);
  });

  test('is refused where joined lines come back together', () => {
    const ledger = thresholdShop('return-group');
    expect(back(ledger, 'r1', [{ id: '1', quantity: 5 }]).outcome).toMatchObject({
      status: 'rejected',
      reason: 'return-group-incomplete',
    });
    expect(payableOf(back(ledger, 'r2', [{ id: '1', quantity: 6 }]))).toBe(-27_000);
  });
});

describe('a promotion may say for itself what a return does', () => {
  test('and the others go by the setting', () => {
    const gift = {
      promotion: 'second-half',
      type: 'product-discount',
      returns: 'return-group',
      lines: { order: 'cheapest-first', take: 1, every: 2, count: 'units' },
      benefits: [{ discount: { percent: 50 } }],
    };
    const tree = compiledTree({ arbitration: { mode: 'sequential', children: [gift] } });
    expect(tree.returnPolicyOf('second-half')).toBe('return-group');
    expect(tree.returnPolicyOf('another')).toBe('keep');
  });
});

describe('a hold that was made in a happy hour', () => {
  test('keeps its hour when the rest of its sale is decided again', () => {
    const happy = {
      promotion: 'happy',
      type: 'product-discount',
      returns: 'reevaluate',
      hours: [{ from: '12:00', to: '13:00' }],
      benefits: [{ discount: { percent: 50 } }],
    };
    const document = { arbitration: { mode: 'sequential', children: [happy] } };
    const ledger = new TestLedger(compiledTree(document));
    ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
    const lines = [{ id: '1', sku: 'A', quantity: 2, price: 1_000 }];
    ledger.when({ id: 'h', kind: 'hold', member: 'm', holdFor: 'P1D', lines });
    ledger.now += 6 * 3_600_000;
    ledger.when({ id: 'sale', kind: 'capture', member: 'm', hold: 'h' });
    expect(payableOf(back(ledger, 'r1', [{ id: '1', quantity: 1 }]))).toBe(-500);
    expect(payableOf(back(ledger, 'r2'))).toBe(-500);
  });
});

describe('partners', () => {
  test('get back what they had paid, exactly, over any steps', () => {
    const tree = plainTree();
    const paying: typeof tree = {
      ...tree,
      decide: (input) => {
        const result = tree.decide(input);
        if (!result.ok) return result;
        const contributions = [
          { promotion: 'tenth', partner: 'shop', amount: result.decision.totals.discount },
        ];
        return { ok: true, decision: { ...result.decision, contributions } };
      },
    };
    const ledger = new TestLedger(paying);
    const lines = [
      { id: 'a', sku: 'A', quantity: 3, price: 333 },
      { id: 'b', sku: 'B', quantity: 1, price: 777 },
    ];
    ledger.when({ id: 'sale', kind: 'checkout', store: 's-1', lines });
    const steps = [[{ id: 'a', quantity: 1 }], [{ id: 'b', quantity: 1 }], undefined];
    const amounts = steps.map((lines, index) => {
      const { outcome } = back(ledger, `r${index}`, lines);
      const reversal = outcome.status === 'accepted' ? outcome.reversal : undefined;
      return reversal?.contributions.reduce((sum, { amount }) => sum + amount, 0) ?? 0;
    });
    expect(amounts).toHaveLength(3);
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(99 + 77);
  });
});

describe('a return that comes before its checkout', () => {
  const sale = {
    id: 'sale',
    kind: 'checkout',
    member: 'm',
    store: 's-1',
    lines: [{ id: '1', sku: 'A', quantity: 2, price: 10_000 }],
  };

  function waiting(): TestLedger {
    const ledger = new TestLedger(plainTree({ parkReturns: 7 * DAY }));
    ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
    const record = back(ledger, 'early', [{ id: '1', quantity: 1 }]);
    expect(renderOutcome(record.outcome)).toMatchObject({
      status: 'parked',
      parkedUntil: '2026-01-22T12:00:00.000Z',
    });
    expect(ledger.state.waiting.parked).toBe(1);
    return ledger;
  }

  test('waits, and follows its checkout at once', () => {
    const ledger = waiting();
    ledger.when(sale);
    expect(ledger.records.map(({ id }) => id)).toEqual(['e', 'early', 'sale', 'early']);
    expect(payableOf(ledger.records[3] as LedgerRecord)).toBe(-9_000);
    expect(ledger.entrySum('member:m')).toBe(90);
    expect(ledger.state.waiting.parked).toBe(0);
  });

  test('is judged like any other when its checkout comes', () => {
    const ledger = waiting();
    ledger.when({ ...sale, lines: [{ id: 'other', sku: 'A', quantity: 2, price: 10_000 }] });
    expect(ledger.recordOf('early')?.outcome).toMatchObject({ reason: 'unknown-line' });
    expect(ledger.entrySum('member:m')).toBe(180);
  });

  test('expires by a tick, with its name in the list of rejections', () => {
    const ledger = waiting();
    ledger.now += 7 * DAY;
    ledger.when({ id: 'k', kind: 'tick', at: new Date(ledger.now).toISOString() });
    expect(ledger.recordOf('early')?.outcome).toMatchObject({ reason: 'checkout-never-came' });
    expect(ledger.state.waiting.parked).toBe(0);
    ledger.when(sale);
    expect(ledger.records.at(-1)?.id).toBe('sale');
  });

  test('is rejected at once where the rule set parks nothing', () => {
    const ledger = new TestLedger(plainTree());
    expect(back(ledger, 'r').outcome).toMatchObject({ reason: 'unknown-checkout' });
  });
});

describe('redeemed points', () => {
  test('go back to their lot, and expire again at once when it has expired', () => {
    const ledger = new TestLedger(plainTree({ validityMilliseconds: 10 * DAY }));
    ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
    const lines = [{ id: '1', sku: 'A', quantity: 1, price: 10_000 }];
    const bought = { kind: 'checkout', member: 'm', store: 's-1', lines };
    ledger.when({ id: 'first', ...bought });
    ledger.when({ id: 'sale', ...bought, pay: { points: 'main', amount: 40 } });
    ledger.now += 10 * DAY;
    const record = back(ledger, 'r');
    const moved = record.transfers.map(({ movement, points }) => [movement, points]);
    expect(moved).toContainEqual(['redemption-reversal', 40]);
    expect(moved.filter(([movement]) => movement === 'expiry').at(-1)).toEqual(['expiry', 40]);
    expect(record.outcome).toMatchObject({ status: 'accepted' });
    // What the sale had earned has expired meanwhile, so taking it back makes a debt (K15).
    expect(ledger.entrySum('member:m')).toBe(-50);
  });
});

test('points that come back are as old as they were, so first in goes first out again', () => {
  const ledger = new TestLedger(
    compiledTree({
      program: { settings: { consumption: 'fifo' } },
      pointTypes: [{ id: 'main' }],
      arbitration: { mode: 'sequential', children: [] },
    }),
  );
  ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
  const give = (id: string, amount: number, expiresAt: string): void => {
    ledger.when({ id, kind: 'adjust', member: 'm', type: 'main', amount, lot: { expiresAt } });
    ledger.now += DAY;
  };
  const buy = (id: string, amount: number): LedgerRecord => {
    const lines = [{ id: '1', sku: 'A', quantity: 1, price: 100_000 }];
    const pay = { points: 'main', amount };
    return ledger.when({ id, kind: 'checkout', member: 'm', lines, pay });
  };
  give('old', 10, '2030-01-01T00:00:00Z');
  give('new', 10, '2028-01-01T00:00:00Z');
  const [first] = buy('c1', 10).transfers;
  ledger.now += DAY;
  ledger.when({ id: 'x1', kind: 'cancel', member: 'm', checkout: 'c1' });
  const [again] = buy('c2', 10).transfers;
  expect(again?.lot).toBe(first?.lot);
  expect(again?.lot).toContain(String(Date.UTC(2030, 0, 1)));
});
