import { describe, expect, test } from 'vitest';
import { must } from '../assert.ts';
import { renderOutcome } from '../outcome/render.ts';
import { compiledBy } from '../testing/cases.ts';
import { TestLedger } from '../testing/ledger.ts';

/** A partner who pays 10 % of what one of its points gives, out of a block bought before. */
function ledgerWith(balance: number): TestLedger {
  const document = {
    program: { currency: { code: 'EUR', exponent: 2 }, timezone: 'UTC' },
    pointTypes: [{ id: 'main', kind: 'standard', ratio: { points: 1, money: 100 } }],
    partners: [{ id: 'air', roles: ['issuer'], block: { balance, perPoint: 0.1 } }],
    places: [{ id: 's-1', kind: 'store', partner: 'air' }],
    arbitration: {
      mode: 'sequential',
      children: [
        {
          promotion: 'miles',
          type: 'partner-offer',
          benefits: { list: [{ points: { type: 'main', fixed: 545 } }] },
        },
      ],
    },
  };
  return new TestLedger(must(compiledBy('compiled', document), 'it compiles').tree);
}

const buy = (id: string, kind = 'checkout') => ({
  ...{ id, kind, member: 'm', store: 's-1' },
  lines: [{ id: '1', sku: 'SEAT', quantity: 1, price: 10_000 }],
});

describe('a prepaid partner', () => {
  test('pays for the points it issues out of its block, exactly', () => {
    const ledger = ledgerWith(1_000);
    const { outcome } = ledger.when(buy('c1'));
    expect(renderOutcome(outcome)).toMatchObject({
      partners: [{ id: 'air', block: { before: 1_000, deducted: 54.5, after: 945.5 } }],
      accruals: [{ promotion: 'miles', type: 'main', points: 545, issuer: 'air' }],
    });
  });

  test('without enough in its block issues nothing: the checkout is refused and leaves no trace', () => {
    const ledger = ledgerWith(100);
    expect(ledger.when(buy('c1')).outcome.status).toBe('accepted');
    const { outcome, transfers } = ledger.when(buy('c2'));
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'partner-block-exhausted' });
    expect(transfers).toEqual([]);
    expect(ledger.when(buy('q1', 'quote')).outcome).toMatchObject({ status: 'rejected' });
    expect(ledger.entrySum('member:m')).toBe(545);
  });

  test('gets its block back when the checkout is cancelled', () => {
    const ledger = ledgerWith(100);
    ledger.when(buy('c1'));
    ledger.when({ id: 'x1', kind: 'cancel', member: 'm', checkout: 'c1' });
    expect(ledger.when(buy('c2')).outcome.status).toBe('accepted');
  });
});
