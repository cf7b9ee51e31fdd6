import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal, inThousandths } from './basket.ts';
import { cumulative, Random, zipf } from './random.ts';

const anySeed = fc.integer();

test('draws stay within their bounds', () => {
  fc.assert(
    fc.property(anySeed, fc.integer({ min: 1, max: 1_000_000 }), (seed, bound) => {
      const random = new Random(seed);
      expect(random.unit()).toBeLessThan(1);
      expect(random.below(bound)).toBeLessThan(bound);
      expect(random.between(-bound, bound)).toBeGreaterThanOrEqual(-bound);
      expect(random.geometric(5)).toBeGreaterThanOrEqual(1);
      expect(zipf(random, bound)).toBeLessThan(bound);
      expect(zipf(random, bound)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('weights of zero are never drawn', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const drawn = new Random(seed).weighted(cumulative([0, 3, 0, 1, 0]));
      expect([1, 3]).toContain(drawn);
    }),
  );
});

test('a quantity is the same in thousandths and as decimal text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), (thousandths) => {
      expect(inThousandths(decimal(thousandths))).toBe(thousandths);
    }),
  );
});
