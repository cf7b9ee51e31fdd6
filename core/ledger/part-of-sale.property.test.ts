import fc from 'fast-check';
import { expect, test } from 'vitest';
import { must } from '../assert.ts';
import { compiledTree } from '../testing/compiled-tree.ts';
import { TestLedger } from '../testing/ledger.ts';

const BALANCE = 5_000;

function ledgerWith(percent: number): TestLedger {
  const ledger = new TestLedger(
    compiledTree({
      pointTypes: [{ id: 'main', initialBalance: BALANCE, ratio: { points: 3, money: 10 } }],
      partners: [{ id: 'p-1' }, { id: 'p-2' }],
      arbitration: {
        mode: 'sequential',
        children: [
          {
            promotion: 'less',
            type: 'product-discount',
            benefits: { list: [{ discount: { percent } }, { discount: { amount: 7 } }] },
          },
          {
            promotion: 'earn',
            type: 'points-accrual',
            benefits: { list: [{ points: { rate: 3 } }] },
          },
        ],
      },
    }),
  );
  ledger.when({ id: 'e', kind: 'enrol', member: 'm' });
  return ledger;
}

const line = fc.record({
  quantity: fc.integer({ min: 1, max: 5 }),
  captured: fc.integer({ min: 0, max: 5 }),
  price: fc.integer({ min: 1, max: 999 }),
  partner: fc.constantFrom('p-1', 'p-2'),
});

test('a captured part adds up, and returning it leaves everything as it was', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      fc.record({
        percent: fc.integer({ min: 0, max: 100 }),
        pay: fc.integer({ min: 1, max: 900 }),
      }),
      (wanted, { percent, pay }) => {
        const parts = wanted.flatMap(({ captured, quantity }, index) =>
          captured === 0 ? [] : [{ id: `${index}`, quantity: Math.min(captured, quantity) }],
        );
        fc.pre(parts.length > 0);
        const ledger = ledgerWith(percent);
        const lines = wanted.map(({ captured: _, ...one }, index) => {
          return { ...one, id: `${index}`, sku: `S${index}` };
        });
        const basket = { member: 'm', lines, pay: { points: 'main', amount: pay } };
        ledger.when({ id: 'h', kind: 'hold', ...basket });
        const { outcome } = ledger.when({
          ...{ id: 's', kind: 'capture', member: 'm', hold: 'h' },
          lines: parts,
        });
        if (outcome.status !== 'accepted') throw new Error('the capture is refused');
        const sold = must(outcome.decision, 'a capture has a decision');
        for (const one of sold.lines) {
          const byAwards = one.awards
            .filter(({ benefit }) => benefit === 'discount')
            .reduce((sum, award) => sum + award.applied, 0);
          expect(byAwards).toBe(one.discount);
          expect(one.net).toBe(one.gross - one.discount);
          expect(one.paidWithPoints).toBeLessThanOrEqual(one.net);
        }
        expect(sold.totals.payable).toBeGreaterThanOrEqual(0);
        const spent = sold.redemptions.reduce((sum, { points }) => sum + points, 0);
        expect(ledger.entrySum('held:m')).toBe(0);
        expect(ledger.entrySum('accepted:p-1') + ledger.entrySum('accepted:p-2')).toBe(spent);

        ledger.when({ id: 'x', kind: 'cancel', member: 'm', checkout: 's' });
        expect(ledger.entrySum('member:m')).toBe(BALANCE);
        expect(ledger.entrySum('accepted:p-1')).toBe(0);
        expect(ledger.entrySum('accepted:p-2')).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});

test('a part that is all of it is the whole', () => {
  const whole = ledgerWith(13);
  const parts = ledgerWith(13);
  for (const ledger of [whole, parts]) {
    const lines = [{ id: '1', sku: 'A', quantity: 3, price: 333 }];
    const pay = { points: 'main', amount: 77 };
    ledger.when({ id: 'h', kind: 'hold', member: 'm', lines, pay });
  }
  const end = { id: 's', kind: 'capture', member: 'm', hold: 'h' };
  const all = whole.when(end);
  const each = parts.when({ ...end, lines: [{ id: '1', quantity: 3 }] });
  expect(each.outcome).toEqual(all.outcome);
  expect(each.transfers).toEqual(all.transfers);
});
