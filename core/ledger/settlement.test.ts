import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MinorUnits, minorUnits, points } from '../money/units.ts';
import { ledgerRecord } from '../testing/ledger-records.ts';
import type { LedgerRecord } from './record.ts';
import { Settlement } from './settlement.ts';
import type { Movement, Transfer } from './transfer.ts';

const base = ledgerRecord({ seed: 1, lines: 1, checkoutsOnly: true }, 0, 1);

function moved(movement: Movement, between: { issuer: string; acceptor: string; points: number }) {
  const accepted = `accepted:${between.acceptor}`;
  const isBack = movement === 'redemption-reversal';
  const move: Transfer = {
    movement,
    from: isBack ? accepted : 'member:m',
    to: isBack ? 'member:m' : accepted,
    unit: 'main',
    points: points(between.points),
    promotion: '',
    lot: `${between.issuer}@never`,
    balance: points(0),
  };
  return recordOf([move]);
}

function recordOf(transfers: readonly Transfer[]): LedgerRecord {
  const { outcome } = base;
  if (outcome.status !== 'accepted') throw new Error('a sale is accepted');
  return { ...base, currency: 'EUR', transfers, outcome: { ...outcome, decision: undefined } };
}

/** Three points are worth one minor unit, so that valuing them cuts something off. */
const aThird = (_: string, amount: number): MinorUnits => minorUnits(Math.floor(amount / 3));

test('whoever issued points pays whoever accepted them, less what came back', () => {
  const settlement = new Settlement();
  settlement.add(moved('redemption', { issuer: 'fuel', acceptor: 'baker', points: 90 }));
  settlement.add(moved('redemption-reversal', { issuer: 'fuel', acceptor: 'baker', points: 30 }));
  settlement.add(moved('redemption', { issuer: '', acceptor: 'baker', points: 12 }));
  settlement.add(moved('redemption', { issuer: 'baker', acceptor: 'baker', points: 600 }));

  const { debts, nets } = settlement.statement(aThird);
  expect(debts).toMatchObject([
    { debtor: 'fuel', creditor: 'baker', redeemed: 20, owed: 20 },
    { debtor: 'programme', creditor: 'baker', redeemed: 4, owed: 4 },
  ]);
  expect(nets).toMatchObject([
    { party: 'baker', net: 24 },
    { party: 'fuel', net: -20 },
    { party: 'programme', net: -4 },
  ]);
});

test('a partner pays for its promotions where somebody else sold', () => {
  const settlement = new Settlement();
  const { outcome } = base;
  if (outcome.status !== 'accepted' || !outcome.decision) throw new Error('a sale is accepted');
  const contributions = [{ promotion: 'p', partner: 'fuel', amount: minorUnits(250) }];
  const decision = { ...outcome.decision, contributions };
  settlement.add({ ...base, partner: 'baker', transfers: [], outcome: { ...outcome, decision } });
  expect(settlement.statement(aThird).debts).toMatchObject([
    { debtor: 'fuel', creditor: 'baker', contributed: 250, owed: 250 },
  ]);
});

test('what everybody gets and pays sums to zero, and rounding is somebody’s', () => {
  const parties = fc.constantFrom('', 'fuel', 'baker', 'cinema');
  const movement = fc.constantFrom<Movement>('redemption', 'redemption-reversal');
  const step = fc.record({ issuer: parties, acceptor: parties, points: fc.nat(500), movement });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const settlement = new Settlement();
      let crossing = 0;
      for (const { movement: by, ...one } of steps) {
        const acceptor = one.acceptor === '' ? 'programme' : one.acceptor;
        settlement.add(moved(by, { ...one, acceptor, points: one.points + 1 }));
        if ((one.issuer === '' ? 'programme' : one.issuer) === acceptor) continue;
        crossing += (by === 'redemption' ? 1 : -1) * (one.points + 1);
      }
      const { debts, nets } = settlement.statement(aThird);
      expect(nets.reduce((sum, { net }) => sum + net, 0)).toBe(0);
      const worth = crossing < 0 ? -Math.floor(-crossing / 3) : Math.floor(crossing / 3);
      expect(debts.reduce((sum, { owed }) => sum + owed, 0) + 0).toBe(worth + 0);
    }),
  );
});
