import { assert } from '../assert.ts';

/**
 * Exact rounding of rationals. Nothing here ever multiplies into a double that could have lost
 * a digit: when a product might leave the safe integers, the same sum is done in BigInt.
 */

/** How a fraction of a minor unit or of a point becomes a whole one (K2). */
export type Rounding = 'half-up' | 'half-even' | 'half-down' | 'floor' | 'ceil';

/** Below this, integers in doubles are exact and so are quotients' floors. */
const SAFE = Number.MAX_SAFE_INTEGER;
/** Below this, the sum of two integers is still exact. */
const HALF_SAFE = 2 ** 52;

/** Rounds `numerator / denominator`. Both are safe integers, the denominator is positive. */
export function roundQuotient(numerator: number, denominator: number, rounding: Rounding): number {
  assert(denominator > 0, 'a denominator is positive', numerator, denominator);
  if (Math.abs(numerator) < HALF_SAFE && denominator < HALF_SAFE) {
    return roundSmall(numerator, denominator, rounding);
  }
  const remainder = numerator % denominator;
  if (remainder === 0) return numerator / denominator;
  // `numerator - remainder` divides exactly, so this is the quotient towards zero.
  const towardsZero = (numerator - remainder) / denominator;
  const floor = remainder < 0 ? towardsZero - 1 : towardsZero;
  const above = remainder < 0 ? remainder + denominator : remainder;
  return roundsUp(above, denominator - above, rounding, floor % 2 !== 0) ? floor + 1 : floor;
}

/**
 * The same without `%`, which is slow for numbers beyond 32 bits. The quotient in doubles is off
 * by one at most, and every product here is exact.
 */
function roundSmall(numerator: number, denominator: number, rounding: Rounding): number {
  let floor = Math.floor(numerator / denominator);
  let above = numerator - floor * denominator;
  if (above < 0) {
    floor -= 1;
    above += denominator;
  } else if (above >= denominator) {
    floor += 1;
    above -= denominator;
  }
  if (above === 0) return floor;
  return roundsUp(above, denominator - above, rounding, floor % 2 !== 0) ? floor + 1 : floor;
}

/** Whether a fraction goes up, told how far it is above the floor and below the ceiling. */
function roundsUp(above: number, below: number, rounding: Rounding, floorIsOdd: boolean): boolean {
  switch (rounding) {
    case 'floor':
      return false;
    case 'ceil':
      return true;
    case 'half-up':
      return above >= below;
    case 'half-down':
      return above > below;
    case 'half-even':
      return above > below || (above === below && floorIsOdd);
  }
}

/** Rounds `a × b / denominator`, exactly even where `a × b` is not a safe integer. */
export function mulDiv(a: number, b: number, denominator: number, rounding: Rounding): number {
  const product = a * b;
  if (product <= SAFE && product >= -SAFE) return roundQuotient(product, denominator, rounding);
  return roundBig(BigInt(a) * BigInt(b), BigInt(denominator), rounding);
}

/** A product over a product: `a × b × c / (d × e)`, rounded once. */
export interface Ratio {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
}

/** Rounds a three-by-two ratio, exactly even where its products are not safe integers. */
export function roundRatio(ratio: Ratio, rounding: Rounding): number {
  const { a, b, c, d, e } = ratio;
  const top = a * b * c;
  const bottom = d * e;
  const partial = a * b;
  const safe = Math.abs(top) <= SAFE && bottom <= SAFE && Math.abs(partial) <= SAFE;
  if (safe) return roundQuotient(top, bottom, rounding);
  return roundBig(BigInt(a) * BigInt(b) * BigInt(c), BigInt(d) * BigInt(e), rounding);
}

/** Rounds a quotient of BigInts to a safe integer. */
export function roundBig(numerator: bigint, denominator: bigint, rounding: Rounding): number {
  assert(denominator > 0n, 'a denominator is positive');
  const truncated = numerator / denominator;
  const remainder = numerator % denominator;
  const floor = remainder < 0n ? truncated - 1n : truncated;
  const above = remainder < 0n ? remainder + denominator : remainder;
  const rounded = above > 0n && bigRoundsUp(above, denominator - above, rounding, floor);
  const result = Number(rounded ? floor + 1n : floor);
  assert(Number.isSafeInteger(result), 'an amount must stay a safe integer', result);
  return result;
}

function bigRoundsUp(above: bigint, below: bigint, rounding: Rounding, floor: bigint): boolean {
  const side = above === below ? 0 : above > below ? 1 : -1;
  return roundsUp(side, 0, rounding, floor % 2n !== 0n);
}
