import type { Business } from './business.ts';
import type { Product } from './catalogue.ts';
import type { Random } from './random.ts';
import type { LineJson } from './transaction-json.ts';

/** Lines of one basket. A family's week has forty; more is no shopping, it is a delivery. */
export const BASKET_LINES_MAX = 60;

export interface BasketWish {
  readonly business: Business;
  readonly country: string;
  readonly lines: number;
}

export type Shelf = readonly Product[];

/** Fills a basket from the shelf; the first products of the shelf sell best. */
export function fillBasket(random: Random, shelf: Shelf, wish: BasketWish): LineJson[] {
  const count = Math.min(wish.lines, shelf.length);
  const lines: LineJson[] = [];
  const taken = new Set<number>();
  for (let index = 0; index < count; index += 1) {
    const position = takeProduct(random, { shelf, taken, isFirst: index === 0, wish });
    const product = shelf[position];
    if (product !== undefined) lines.push(lineOf(random, product, { index, wish }));
  }
  return lines;
}

interface Taking {
  readonly shelf: Shelf;
  readonly taken: Set<number>;
  readonly isFirst: boolean;
  readonly wish: BasketWish;
}

/** The number of fuels at the head of a station's shelf. */
const FUELS = 8;

/** A product that is not in the basket yet: scanned twice is one line with quantity two. */
function takeProduct(random: Random, { shelf, taken, isFirst, wish }: Taking): number {
  let position = drawPosition(random, { length: shelf.length, isFirst, business: wish.business });
  while (taken.has(position)) position = (position + 1) % shelf.length;
  taken.add(position);
  return position;
}

interface Draw {
  readonly length: number;
  readonly isFirst: boolean;
  readonly business: Business;
}

function drawPosition(random: Random, { length, isFirst, business }: Draw): number {
  // Whoever drives to a station fills up, mostly; the rest of the basket is from its shop.
  if (business === 'fuel' && length > FUELS) {
    if (isFirst && random.chance(0.9)) return random.below(FUELS);
    return FUELS + random.below(length - FUELS);
  }
  return Math.floor(random.unit() ** 2.2 * length);
}

function lineOf(
  random: Random,
  product: Product,
  at: { readonly index: number; readonly wish: BasketWish },
): LineJson {
  const { country } = at.wish;
  const line: LineJson = {
    id: String(at.index + 1),
    sku: product.sku,
    category: product.category,
    brand: product.brand,
    quantity: quantityOf(random, product.unit),
    price: product.price[country] ?? 0,
  };
  if (product.flags.length > 0) line.flags = product.flags;
  const fields = product.fields?.[country];
  if (fields !== undefined) line.fields = fields;
  return line;
}

function quantityOf(random: Random, unit: Product['unit']): number | string {
  if (unit === 'piece') return random.chance(0.78) ? 1 : random.between(2, 6);
  if (unit === 'kilogram') return decimal(random.between(150, 3_200));
  // Half of the drivers want a round number of litres, the others a full tank.
  return random.chance(0.5)
    ? random.pick([10, 15, 20, 25, 30, 40])
    : decimal(random.between(8_000, 62_000));
}

/** Thousandths as decimal text, as scales and pumps print it: `1.240`. */
export function decimal(thousandths: number): string {
  const whole = Math.floor(thousandths / 1_000);
  return `${whole}.${String(thousandths % 1_000).padStart(3, '0')}`;
}

/** The inverse of `decimal`; a whole number of pieces is a number. */
export function inThousandths(quantity: number | string): number {
  if (typeof quantity === 'number') return quantity * 1_000;
  const [whole = '', fraction = ''] = quantity.split('.');
  return Number(whole) * 1_000 + Number(fraction.padEnd(3, '0'));
}
