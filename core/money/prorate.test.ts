import { describe, expect, test } from 'vitest';
import { prorate, prorateWithin, RESIDUALS, type Residual, shrink } from './prorate.ts';

/** One column of the table of residual strategies: what a known system prints for its split. */
interface Known {
  readonly source: string;
  readonly total: number;
  readonly weights: readonly number[];
  readonly prints: readonly number[];
  /** Exactly the strategies that reproduce it. */
  readonly by: readonly Residual[];
}

const KNOWN: readonly Known[] = [
  {
    source: 'Sylius 300',
    total: 300,
    weights: [4300, 1400, 2300],
    prints: [162, 52, 86],
    by: ['half-down-first', 'floor-first'],
  },
  {
    source: 'Sylius -299',
    total: -299,
    weights: [4300, 1400, 2300],
    prints: [-161, -52, -86],
    by: ['largest-remainder', 'half-down-first', 'half-up-last', 'cumulative'],
  },
  {
    source: 'Vendure 299',
    total: 299,
    weights: [4300, 1400, 2300],
    prints: [161, 52, 86],
    by: ['largest-remainder', 'half-down-first', 'half-up-last', 'cumulative'],
  },
  {
    source: 'Vendure thirds',
    total: 299,
    weights: [1000, 1000, 1000],
    prints: [100, 100, 99],
    by: ['largest-remainder', 'floor-first', 'half-up-last'],
  },
  {
    source: 'Vendure eight weights',
    total: 93,
    weights: [10, 20, 10, 30, 50, 20, 10, 40],
    prints: [5, 10, 5, 15, 24, 10, 5, 19],
    by: ['largest-remainder', 'half-up-last'],
  },
  {
    source: 'RubyMoney',
    total: 100,
    weights: [1, 1, 1],
    prints: [34, 33, 33],
    by: ['largest-remainder', 'half-down-first', 'floor-first'],
  },
  {
    source: 'Oscar',
    total: 400,
    weights: [1, 1, 1],
    prints: [133, 133, 134],
    by: ['floor-last', 'half-up-last'],
  },
  {
    source: 'Dynamics 365',
    total: 1000,
    weights: [1, 1, 1],
    prints: [333, 333, 334],
    by: ['floor-last', 'half-up-last'],
  },
  {
    source: 'ERPNext',
    total: 1000,
    weights: [1, 1, 1],
    prints: [333, 334, 333],
    by: ['cumulative'],
  },
  {
    source: 'Solidus',
    total: 5000,
    weights: [12_000, 23_000, 30_000],
    prints: [924, 1769, 2307],
    by: ['floor-first'],
  },
];

describe('every cell of the table of residual strategies', () => {
  for (const { source, total, weights, prints, by } of KNOWN) {
    for (const residual of RESIDUALS) {
      const reproduces = by.includes(residual);
      test(`${residual} ${reproduces ? 'gives' : 'does not give'} ${source}`, () => {
        const shares = prorate(total, weights, residual);
        if (reproduces) expect(shares).toEqual(prints);
        else expect(shares).not.toEqual(prints);
      });
    }
  }
});

describe('edges of a split', () => {
  for (const residual of RESIDUALS) {
    test(`${residual}: a line without weight gets nothing`, () => {
      expect(prorate(40, [10, 0], residual)).toEqual([40, 0]);
    });
    test(`${residual}: without any weight the shares are equal`, () => {
      expect(prorate(10, [0, 0], residual)).toEqual([5, 5]);
    });
    test(`${residual}: nothing splits into nothing`, () => {
      expect(prorate(0, [3, 4], residual)).toEqual([0, 0]);
    });
  }
});

describe('a split within capacities', () => {
  test('passes on what a line cannot take', () => {
    const split = { total: 2000, weights: [5000, 2000], capacities: [500, 2000] };
    expect(prorateWithin(split, 'largest-remainder')).toEqual([500, 1500]);
  });

  test('places no more than all lines can take', () => {
    const split = { total: 900, weights: [1, 1], capacities: [100, 200] };
    expect(prorateWithin(split, 'largest-remainder')).toEqual([100, 200]);
  });

  test('skips a line that can take nothing', () => {
    const split = { total: 10, weights: [50, 50, 50], capacities: [0, 20, 20] };
    expect(prorateWithin(split, 'largest-remainder')).toEqual([0, 5, 5]);
  });
});

test('shrinking keeps proportions and the Solidus cents', () => {
  expect(shrink([1800, 3450, 4500], 5000, 'floor-first')).toEqual([924, 1769, 2307]);
  expect(shrink([10, 20], 40, 'floor-first')).toEqual([10, 20]);
});
