import { assert } from '../assert.ts';

declare const unit: unique symbol;

/** Money in minor units of its currency (cents, tiyn). A safe integer. */
export type MinorUnits = number & { readonly [unit]: 'minor units' };

/** Points in the smallest step of their point type (10^-precision of a point). A safe integer. */
export type Points = number & { readonly [unit]: 'points' };

/** A quantity in thousandths, so that 40.125 litres are exact. A safe integer. */
export type Thousandths = number & { readonly [unit]: 'thousandths' };

/** An instant in milliseconds since 1970-01-01T00:00:00Z. A safe integer. */
export type Instant = number & { readonly [unit]: 'instant' };

export function minorUnits(value: number): MinorUnits {
  assert(Number.isSafeInteger(value), 'minor units must be a safe integer', value);
  return value as MinorUnits;
}

export function points(value: number): Points {
  assert(Number.isSafeInteger(value), 'points must be a safe integer', value);
  return value as Points;
}

export function thousandths(value: number): Thousandths {
  assert(Number.isSafeInteger(value), 'a quantity must be a safe integer', value);
  return value as Thousandths;
}

export function instant(value: number): Instant {
  assert(Number.isSafeInteger(value), 'an instant must be a safe integer', value);
  return value as Instant;
}
