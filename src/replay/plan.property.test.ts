import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planReplay } from './plan.ts';
import type { PlanStep } from './plan-step.ts';
import type { RetailRow } from './retail-row.ts';
import { Tally, total } from './tally.ts';

const OPTIONS = { idPrefix: 'shop', linesMax: 3 };

const anyRow: fc.Arbitrary<RetailRow> = fc.record({
  invoice: fc
    .tuple(fc.constantFrom('', '', '', 'C', 'C', 'A'), fc.integer({ min: 1, max: 12 }))
    .map(([prefix, number]) => `${prefix}${number}`),
  stockCode: fc.constantFrom('MUG', 'CUP', 'JUG', 'POST', 'M', ''),
  description: fc.constantFrom('', 'A mug'),
  quantity: fc.integer({ min: -6, max: 8 }).map(String),
  date: fc.constantFrom('2011-03-27 01:30:00', '2011-06-01 10:00:00', 'never'),
  price: fc.constantFrom('0', '0.125', '2.55', '-1', 'x'),
  customer: fc.constantFrom('', 'ann', 'bob'),
  country: fc.constantFrom('EIRE', 'EIRE', ''),
});
const anyRows = fc.array(fc.option(anyRow, { nil: undefined, freq: 30 }), { maxLength: 120 });

function bookOf(steps: readonly PlanStep[], rowsRead: number, refuse: (id: string) => boolean) {
  const tally = new Tally();
  tally.rowsRead = rowsRead;
  for (const step of steps) {
    if (step.kind !== 'send') tally.noteStep(step);
    else {
      const { id } = step.planned.transaction;
      const rejected = { id, status: 'rejected', reason: 'unknown-store' } as const;
      tally.settle(step.planned, refuse(id) ? rejected : { id, status: 'accepted' });
    }
  }
  return tally;
}

test('every row is accounted for once, whatever is refused', () => {
  fc.assert(
    fc.property(anyRows, fc.integer({ min: 1, max: 7 }), (rows, luck) => {
      const steps = [...planReplay(rows, OPTIONS)];
      const tally = bookOf(steps, rows.length, (id) => id.length % luck === 0);
      tally.check();
      expect(total(tally.accepted)).toBeLessThanOrEqual(rows.length);
    }),
  );
});

test('no return takes back more than its checkout sold, and ids are unique', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const left = new Map<string, number>();
      const ids = new Set<string>();
      for (const step of planReplay(rows, OPTIONS)) {
        if (step.kind !== 'send') continue;
        const { transaction } = step.planned;
        expect(ids.has(transaction.id)).toBe(false);
        ids.add(transaction.id);
        if (transaction.kind !== 'checkout' && transaction.kind !== 'return') continue;
        const sign = transaction.kind === 'return' ? -1 : 1;
        const checkout = transaction.kind === 'return' ? transaction.checkout : transaction.id;
        for (const line of transaction.lines) {
          const key = `${checkout} ${line.id}`;
          const change = Number(line.quantity) * sign;
          left.set(key, (left.get(key) ?? 0) + change);
          expect(left.get(key)).toBeGreaterThanOrEqual(0);
        }
      }
    }),
  );
});

test('the same rows make the same plan', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const once = [...planReplay(rows, OPTIONS)];
      expect([...planReplay(rows, OPTIONS)]).toEqual(once);
    }),
  );
});
