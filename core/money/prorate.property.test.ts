import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prorate, prorateWithin, RESIDUALS } from './prorate.ts';

const weight = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000_000 }));
const weights = fc.array(weight, { minLength: 1, maxLength: 40 });
const residual = fc.constantFrom(...RESIDUALS);
const sum = (shares: readonly number[]) => shares.reduce((soFar, share) => soFar + share, 0);

test('shares sum to the total and have its sign', () => {
  const total = fc.integer({ min: -2_000_000_000, max: 2_000_000_000 });
  fc.assert(
    fc.property(total, weights, residual, (amount, given, strategy) => {
      const shares = prorate(amount, given, strategy);
      expect(sum(shares)).toBe(amount);
      for (const share of shares) expect(share * Math.sign(amount)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 2000 },
  );
});

test('no share exceeds its capacity, and no placeable cent is left', () => {
  const line = fc.record({ weight, capacity: fc.integer({ min: 0, max: 1_000_000 }) });
  const lines = fc.array(line, { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_000_000 }), lines, residual, (total, all, strategy) => {
      const capacities = all.map(({ capacity }) => capacity);
      const split = { total, weights: all.map((one) => one.weight), capacities };
      const shares = prorateWithin(split, strategy);
      shares.forEach((share, at) => {
        expect(share).toBeLessThanOrEqual(capacities[at] ?? 0);
        expect(share).toBeGreaterThanOrEqual(0);
      });
      expect(sum(shares)).toBe(Math.min(total, sum(capacities)));
    }),
    { numRuns: 2000 },
  );
});
