import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MinorUnits, minorUnits, thousandths } from '../money/units.ts';
import { grossOf, toThousandths } from './quantity.ts';

describe('a quantity', () => {
  it.each([
    [1, 1_000],
    [40.125, 40_125],
    ['40.125', 40_125],
    ['40.1', 40_100],
    ['7', 7_000],
    ['-0.5', -500],
    [0.1, 100],
    [1.005, 1_005],
    [999_999_999.999, 999_999_999_999],
  ])('%j is kept exactly', (value, expected) => {
    expect(toThousandths(value)).toBe(expected);
  });

  it.each([
    0.0001,
    1 / 3,
    1e16,
    1e300,
    Number.NaN,
    1 / 0,
    '',
    '.5',
    '5.',
    '1e3',
    '0x1',
    '1,5',
    ' 1',
  ])('%j is no quantity', (value) => {
    expect(toThousandths(value)).toBeUndefined();
  });

  it('reads a number and its three-decimal text alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000_000 }), (value) => {
        const text = `${Math.trunc(value / 1_000)}.${String(value % 1_000).padStart(3, '0')}`;
        expect(toThousandths(text)).toBe(value);
        expect(toThousandths(Number(text))).toBe(value);
      }),
    );
  });
});

describe('the gross of a line', () => {
  const gross = (price: number, quantity: number): MinorUnits | undefined =>
    grossOf(minorUnits(price), thousandths(quantity));

  it.each([
    [199_900, 2_000, 399_800],
    [1, 500, 1],
    [1, 499, 0],
    [3, 1_500, 5],
    [1_000_000_000_000, 9_007_199, 9_007_199_000_000_000],
    [1_000_000_000_000, 9_007_200, undefined],
  ])('of price %d and %d thousandths is %s', (price, quantity, expected) => {
    expect(gross(price, quantity)).toBe(expected);
  });

  it('is exact and rounded half up, however large', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });
    fc.assert(
      fc.property(amount, amount, (price, quantity) => {
        const exact = (BigInt(price) * BigInt(quantity) + 500n) / 1_000n;
        const expected = exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : undefined;
        expect(gross(price, quantity)).toBe(expected);
      }),
    );
  });
});
