import { expect, test } from 'vitest';
import { BUSINESSES } from './business.ts';
import { makeCatalogue } from './catalogue.ts';

const CATALOGUE = makeCatalogue();
const PRODUCTS = BUSINESSES.flatMap((business) => CATALOGUE[business]);

test('there are 5,000 products, each with a stock number of its own', () => {
  expect(PRODUCTS).toHaveLength(5_000);
  expect(new Set(PRODUCTS.map(({ sku }) => sku)).size).toBe(5_000);
});

test('every product has a price in both countries, in whole minor units', () => {
  for (const { price } of PRODUCTS) {
    expect(price.kz).toBeGreaterThan(0);
    expect(Number.isInteger(price.kz)).toBe(true);
    expect(price.uz).toBeGreaterThan(price.kz ?? 0);
    expect(Number(price.uz) % 10_000).toBe(0);
  }
});

test('the law excludes prescriptions and tobacco, and they say so', () => {
  const flagged = PRODUCTS.filter(({ flags }) =>
    flags.some((flag) => flag === 'prescription' || flag === 'tobacco'),
  );
  expect(flagged).toHaveLength(220);
});

test('no floor price is above the price', () => {
  for (const { fields, price } of PRODUCTS) {
    expect(fields?.kz?.floorPrice ?? 0).toBeLessThanOrEqual(price.kz ?? 0);
  }
});
