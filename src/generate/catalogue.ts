import { ASSORTMENT, BRANDS, type ProductGroup } from './assortment.ts';
import type { Business } from './business.ts';
import { Random } from './random.ts';

export interface Product {
  readonly sku: string;
  /** From general to special. */
  readonly category: readonly string[];
  readonly brand: string;
  readonly unit: 'piece' | 'litre' | 'kilogram';
  /** Unit price in minor units, by country. */
  readonly price: Readonly<Record<string, number>>;
  readonly flags: readonly string[];
  /** What the till sends along, by country; undefined for goods without. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
}

/** How many minor units of a country's currency one tiyn of tenge is, and its smallest step. */
export const CURRENCIES: Readonly<
  Record<string, { readonly code: string; readonly perTiyn: number; readonly step: number }>
> = {
  kz: { code: 'KZT', perTiyn: 1, step: 100 },
  // 1 tenge is about 25 som; prices end in whole hundreds of som.
  uz: { code: 'UZS', perTiyn: 25, step: 10_000 },
};

/** Share of outfit and electronics that is being cleared. */
const CLEARANCE = 0.04;
/** The catalogue is the same for every seed of the traffic: shelves do not change with a run. */
const CATALOGUE_SEED = 20_260_101;

/** The 5,000 products of the coalition, by line of business, the best sellers first. */
export function makeCatalogue(): Readonly<Record<Business, readonly Product[]>> {
  const random = new Random(CATALOGUE_SEED);
  // One after the other from one source of chance: the order is part of the catalogue.
  return {
    food: makeBusiness('food', random),
    fuel: makeBusiness('fuel', random),
    outfit: makeBusiness('outfit', random),
    electronics: makeBusiness('electronics', random),
    pharmacy: makeBusiness('pharmacy', random),
  };
}

function makeBusiness(business: Business, random: Random): Product[] {
  const products = ASSORTMENT[business].flatMap((group) =>
    Array.from({ length: group.products }, (_, index) =>
      makeProduct(business, { group, index, random }),
    ),
  );
  // At a station the fuels are what sells; elsewhere groups are mixed among the best sellers.
  return business === 'fuel' ? products : shuffled(products, random);
}

interface Making {
  readonly group: ProductGroup;
  readonly index: number;
  readonly random: Random;
}

function makeProduct(business: Business, { group, index, random }: Making): Product {
  const tenge = group.from * (group.to / group.from) ** random.unit();
  // Prices of goods end in 0 or 5 tenge, those of fuel in whole ones.
  const tiyn = (group.unit === 'litre' ? Math.round(tenge) : Math.round(tenge / 5) * 5) * 100;
  const isDurable = business === 'outfit' || business === 'electronics';
  const flags = [
    ...(group.flag === undefined ? [] : [group.flag]),
    ...(random.chance(group.coded ?? 0) ? ['coded-package'] : []),
    ...(isDurable && random.chance(CLEARANCE) ? ['clearance'] : []),
  ];
  return {
    sku: `${group.category.replace('-', '').slice(0, 4).toUpperCase()}-${String(index + 1).padStart(4, '0')}`,
    category: [group.above ?? business, group.category],
    brand: random.pick(BRANDS[business]),
    unit: group.unit ?? 'piece',
    price: byCountry((country) => priceIn(country, tiyn)),
    flags,
    fields: isDurable ? byCountry((country) => fieldsIn(country, tiyn)) : undefined,
  };
}

function byCountry<T>(make: (country: string) => T): Record<string, T> {
  return Object.fromEntries(Object.keys(CURRENCIES).map((country) => [country, make(country)]));
}

function priceIn(country: string, tiyn: number): number {
  const { perTiyn, step } = CURRENCIES[country] ?? { perTiyn: 1, step: 1 };
  return Math.max(step, Math.round((tiyn * perTiyn) / step) * step);
}

/** The price on the label, and the price below which the partner does not sell. */
function fieldsIn(country: string, tiyn: number): { listPrice: number; floorPrice: number } {
  return {
    listPrice: priceIn(country, tiyn * 1.05),
    floorPrice: priceIn(country, tiyn * 0.6),
  };
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((value) => ({ value, at: random.unit() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
