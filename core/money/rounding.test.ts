import { describe, expect, test } from 'vitest';
import { mulDiv, type Rounding, roundQuotient, roundRatio } from './rounding.ts';

describe('a quotient is rounded as its name says', () => {
  const table: [number, number, Record<Rounding, number>][] = [
    [5, 2, { 'half-up': 3, 'half-even': 2, 'half-down': 2, floor: 2, ceil: 3 }],
    [7, 2, { 'half-up': 4, 'half-even': 4, 'half-down': 3, floor: 3, ceil: 4 }],
    [8, 2, { 'half-up': 4, 'half-even': 4, 'half-down': 4, floor: 4, ceil: 4 }],
    [10, 3, { 'half-up': 3, 'half-even': 3, 'half-down': 3, floor: 3, ceil: 4 }],
    [11, 3, { 'half-up': 4, 'half-even': 4, 'half-down': 4, floor: 3, ceil: 4 }],
    [-5, 2, { 'half-up': -2, 'half-even': -2, 'half-down': -3, floor: -3, ceil: -2 }],
    [-7, 2, { 'half-up': -3, 'half-even': -4, 'half-down': -4, floor: -4, ceil: -3 }],
    [0, 7, { 'half-up': 0, 'half-even': 0, 'half-down': 0, floor: 0, ceil: 0 }],
  ];
  for (const [numerator, denominator, expected] of table) {
    for (const [rounding, result] of Object.entries(expected)) {
      test(`${numerator}/${denominator} by ${rounding} is ${result}`, () => {
        expect(roundQuotient(numerator, denominator, rounding as Rounding)).toBe(result);
      });
    }
  }
});

test('85 % of 10.50 is 8.93: a half goes up on the price', () => {
  expect(mulDiv(1050, 850_000, 1_000_000, 'half-up')).toBe(893);
});

describe('products beyond the safe integers stay exact', () => {
  test('a product of 2^53 and a percentage', () => {
    const price = 9_007_199_254_740_991;
    expect(mulDiv(price, 500_000, 1_000_000, 'floor')).toBe(4_503_599_627_370_495);
    expect(mulDiv(price, 500_000, 1_000_000, 'half-up')).toBe(4_503_599_627_370_496);
    expect(mulDiv(price, 333_333, 1_000_000, 'half-even')).toBe(3_002_396_749_180_579);
  });

  test('three factors over two', () => {
    const ratio = { a: 999_999_999_999, b: 999_999, c: 3000, d: 1_000_000, e: 3000 };
    expect(roundRatio(ratio, 'half-up')).toBe(999_998_999_999);
  });

  test('small and large paths agree', () => {
    for (const rounding of ['half-up', 'half-even', 'half-down', 'floor', 'ceil'] as const) {
      for (let a = -40; a <= 40; a += 1) {
        const small = roundRatio({ a, b: 3, c: 5, d: 4, e: 7 }, rounding);
        const scale = 1e12;
        const large = roundRatio({ a: a * scale, b: 3, c: 5, d: 4 * scale, e: 7 }, rounding);
        expect(large).toBe(small);
      }
    }
  });
});
