import { describe, expect, test } from 'vitest';
import {
  documentWith,
  factsFor,
  inputOf,
  normalRules,
  onlyPromotion,
} from '../../testing/rule-cases.ts';
import { compileSelect } from './select.ts';

interface Line {
  readonly sku?: string;
  readonly category?: string[];
  readonly quantity?: number | string;
  readonly price?: number;
  readonly flags?: string[];
}

/** Units selected of each line, and complete bundles. */
function selected(lines: unknown, checkout: readonly Line[]) {
  const rules = normalRules(documentWith({ lines }));
  const given = checkout.map((line) => ({ sku: 'A', quantity: 1, price: 100, ...line }));
  const facts = factsFor(rules, inputOf({ checkout: { lines: given } }));
  const { units, bundles } = compileSelect(onlyPromotion(rules).body.lines)(facts.lines);
  return { units: units.map((one) => one / 1_000), bundles };
}

describe('a filter', () => {
  const basket: Line[] = [
    { sku: 'A', category: ['toys', 'wood'], price: 100 },
    { sku: 'B', category: ['food'], price: 200, flags: ['sale'] },
    { sku: 'C', price: 300 },
  ];
  test.each([
    [{ sku: 'A' }, [1, 0, 0]],
    [{ sku: { in: ['A', 'C'] } }, [1, 0, 1]],
    [{ category: { in: ['wood', 'food'] } }, [1, 1, 0]],
    [{ category: 'toys' }, [1, 0, 0]],
    [{ price: { atLeast: 200 } }, [0, 1, 1]],
    [{ flags: { has: 'sale' } }, [0, 1, 0]],
    [{ not: { flags: 'sale' } }, [1, 0, 1]],
    [{ any: [{ sku: 'A' }, { sku: 'B' }] }, [1, 1, 0]],
    [{ discounted: false }, [1, 1, 1]],
    [{ discounted: true }, [0, 0, 0]],
    [{ brand: 'X' }, [0, 0, 0]],
    [{ 'fields.size': 'XL' }, [0, 0, 0]],
    [{ fields: { size: 'XL' } }, [0, 0, 0]],
  ])('%j', (lines, units) => {
    expect(selected(lines, basket).units).toEqual(units);
  });
});

describe('ranking and counting', () => {
  const basket: Line[] = [
    { price: 300, quantity: 2 },
    { price: 100, quantity: 3 },
    { price: 200, quantity: 1 },
  ];
  test.each([
    ['the cheapest unit', { order: 'cheapest-first', take: 1 }, [0, 1, 0]],
    ['the two dearest units', { order: 'most-expensive-first', take: 2 }, [2, 0, 0]],
    ['every second unit, cheapest free', { order: 'cheapest-first', take: 1, every: 2 }, [1, 2, 0]],
    ['the second of each two as listed', { skip: 1, take: 1, every: 2 }, [1, 1, 1]],
    ['all but the first four', { order: 'cheapest-first', skip: 4 }, [2, 0, 0]],
    ['an incomplete last window counts', { order: 'cheapest-first', take: 2, every: 4 }, [2, 2, 0]],
    [
      'the cheapest line, all of it',
      { order: 'cheapest-first', take: 1, count: 'lines' },
      [0, 3, 0],
    ],
    ['every second line', { take: 1, every: 2, count: 'lines' }, [2, 0, 1]],
  ])('%s', (_name, lines, units) => {
    expect(selected(lines, basket).units).toEqual(units);
  });

  test('equal prices: lower subtotal, then order', () => {
    const equal: Line[] = [{ quantity: 2 }, { quantity: 1 }, { quantity: 1 }];
    expect(selected({ order: 'cheapest-first', take: 1 }, equal).units).toEqual([0, 1, 0]);
    expect(selected({ order: 'most-expensive-first', take: 1 }, equal).units).toEqual([0, 1, 0]);
  });

  test('litres count as what they are', () => {
    expect(selected({ take: 40, count: 'units' }, [{ quantity: '40.125' }]).units).toEqual([40]);
  });

  test('six thousand units cost no more than one', () => {
    expect(selected({ take: 1, every: 3 }, [{ quantity: 6_000 }]).units).toEqual([2_000]);
  });
});

describe('bundles', () => {
  const bundle = [
    { sku: 'A', quantity: 2 },
    { category: 'drinks', quantity: 1 },
  ];
  test('as many as are complete, from the cheapest units', () => {
    const basket: Line[] = [
      { sku: 'A', quantity: 5 },
      { sku: 'COLA', category: ['drinks'], price: 200, quantity: 3 },
      { sku: 'WATER', category: ['drinks'], price: 50, quantity: 1 },
    ];
    expect(selected({ bundle }, basket)).toEqual({ units: [4, 1, 1], bundles: 2 });
  });

  test('none, when a part is missing', () => {
    expect(selected({ bundle }, [{ sku: 'A', quantity: 5 }])).toEqual({ units: [0], bundles: 0 });
  });

  test('one article cannot be two parts at once', () => {
    const twice = [
      { sku: 'A', quantity: 1 },
      { category: 'toys', quantity: 1 },
    ];
    const basket: Line[] = [{ sku: 'A', category: ['toys'], quantity: 3 }];
    expect(selected({ bundle: twice }, basket)).toEqual({ units: [2], bundles: 1 });
  });
});

test('without a scope every line is selected, as one bundle', () => {
  expect(selected({}, [{}, { quantity: 2 }])).toEqual({ units: [1, 2], bundles: 1 });
});
