import { assert } from '../assert.ts';
import { mulDiv, type Rounding } from './rounding.ts';

/**
 * Splitting an amount over lines so that not a cent is lost or made. Shipped systems follow
 * several incompatible conventions for the residual cents, so the convention is a setting (K3).
 *
 * Whatever the strategy: the shares sum to the total, and each has the sign of the total.
 */

/** Where the residual cents of a split go. */
export const RESIDUALS = [
  'largest-remainder',
  'half-down-first',
  'floor-first',
  'floor-last',
  'half-up-last',
  'cumulative',
] as const;
export type Residual = (typeof RESIDUALS)[number];

/** Splits `total` in proportion to `weights`; equal shares when all weights are zero. */
export function prorate(total: number, weights: readonly number[], residual: Residual): number[] {
  assert(weights.length > 0, 'a split needs at least one weight');
  if (weights.length === 1) return [total];
  let sum = 0;
  // Weights are integers here and doubles there: an index serves both, an iterator is slow.
  for (let at = 0; at < weights.length; at += 1) sum += weights[at] ?? 0;
  const used = sum > 0 ? weights : weights.map(() => 1);
  const whole = sum > 0 ? sum : weights.length;
  if (total < 0) return splitPositive(-total, { weights: used, whole }, residual).map(negate);
  return splitPositive(total, { weights: used, whole }, residual);
}

interface Split {
  readonly weights: readonly number[];
  readonly whole: number;
}

const negate = (share: number) => (share === 0 ? 0 : -share);

function splitPositive(total: number, split: Split, residual: Residual): number[] {
  switch (residual) {
    case 'largest-remainder':
      return largestRemainder(total, split);
    case 'half-down-first':
      return handOutFromFirst(total, split, 'half-down');
    case 'floor-first':
      return handOutFromFirst(total, split, 'floor');
    case 'floor-last':
      return restToLast(total, split, 'floor');
    case 'half-up-last':
      return restToLast(total, split, 'half-up');
    case 'cumulative':
      return cumulative(total, split);
  }
}

function each(total: number, { weights, whole }: Split, rounding: Rounding): number[] {
  return weights.map((weight) => mulDiv(total, weight, whole, rounding));
}

function restOf(total: number, shares: readonly number[]): number {
  let rest = total;
  for (const share of shares) rest -= share;
  return rest;
}

/** The lines cut most by rounding down get the residual cents; of equals, the earlier. */
function largestRemainder(total: number, { weights, whole }: Split): number[] {
  const shares = new Array<number>(weights.length);
  const cuts = new Array<number | bigint>(weights.length);
  let rest = total;
  for (let at = 0; at < weights.length; at += 1) {
    const weight = weights[at] ?? 0;
    const product = total * weight;
    const isPlain = product >= 0 && product <= Number.MAX_SAFE_INTEGER;
    // Without the negative zero that no total of nothing has.
    const share = mulDiv(total, weight, whole, 'floor') + 0;
    const cut = isPlain ? product - share * whole : remainderOf(total, weight, whole);
    shares[at] = share;
    cuts[at] = cut;
    rest -= share;
  }
  for (; rest > 0; rest -= 1) {
    let most = 0;
    for (let at = 1; at < cuts.length; at += 1) {
      if ((cuts[at] ?? 0) > (cuts[most] ?? 0)) most = at;
    }
    shares[most] = (shares[most] ?? 0) + 1;
    cuts[most] = -1;
  }
  return shares;
}

function remainderOf(total: number, weight: number, whole: number): bigint | number {
  const product = total * weight;
  if (product <= Number.MAX_SAFE_INTEGER) return product % whole;
  return (BigInt(total) * BigInt(weight)) % BigInt(whole);
}

/** Rounds each share, then gives or takes one cent a line, starting with the first. */
function handOutFromFirst(total: number, split: Split, rounding: Rounding): number[] {
  const shares = each(total, split, rounding);
  let rest = restOf(total, shares);
  // Two rounds suffice by far: the residue is smaller than the number of lines with a weight.
  for (let at = 0; rest !== 0; at = (at + 1) % shares.length) {
    const share = shares[at] ?? 0;
    const step = Math.sign(rest);
    if (split.weights[at] === 0 || share + step < 0) continue;
    shares[at] = share + step;
    rest -= step;
  }
  return shares;
}

/** Rounds each share but the last, which takes what is left (never less than nothing). */
function restToLast(total: number, split: Split, rounding: Rounding): number[] {
  const shares = each(total, split, rounding);
  const last = split.weights.findLastIndex((weight) => weight > 0);
  let rest = restOf(total, shares);
  for (let at = last; rest !== 0; at -= 1) {
    assert(at >= 0, 'a residue always finds a line', total);
    const share = shares[at] ?? 0;
    const given = Math.max(rest, -share);
    shares[at] = share + given;
    rest -= given;
  }
  return shares;
}

/** Rounds the running total instead of each share, which leaves no residue at all. */
function cumulative(total: number, { weights, whole }: Split): number[] {
  let weightSoFar = 0;
  let paidSoFar = 0;
  return weights.map((weight) => {
    weightSoFar += weight;
    const paidUpToHere = mulDiv(total, weightSoFar, whole, 'half-up');
    const share = paidUpToHere - paidSoFar;
    paidSoFar = paidUpToHere;
    return share;
  });
}

/** A split whose shares may not exceed what each line can bear. */
export interface BoundedSplit {
  readonly total: number;
  readonly weights: readonly number[];
  /** The most each line can take; never negative. */
  readonly capacities: readonly number[];
}

/**
 * Splits as much of a non-negative `total` as the capacities can bear. What one line cannot
 * take goes to the others, in proportion, while they can. The sum of the shares is the smaller
 * of the total and the sum of the capacities.
 */
export function prorateWithin(split: BoundedSplit, residual: Residual): number[] {
  return prorateInRounds(split, residual).shares;
}

/** A bounded split, and what its last round shared out: by it, lines got residual cents. */
export interface Rounds {
  readonly shares: number[];
  readonly last: { readonly total: number; readonly open: readonly number[] };
}

/** As `prorateWithin`, for whoever tells how it came about. */
export function prorateInRounds(split: BoundedSplit, residual: Residual): Rounds {
  const { capacities, weights } = split;
  const shares = capacities.map(() => 0);
  const bearable = capacities.reduce((soFar, capacity) => soFar + capacity, 0);
  let rest = Math.min(split.total, bearable);
  let open = capacities.flatMap((capacity, index) => (capacity > 0 ? [index] : []));
  // Every round but the last closes at least one line, so there are at most as many as lines.
  while (rest > 0) {
    const last = { total: rest, open };
    const parts = prorate(rest, weightsOf(open, weights), residual);
    const full = open.filter((index, at) => (parts[at] ?? 0) >= (capacities[index] ?? 0));
    if (full.length === 0) return { shares: settle(shares, open, parts), last };
    const over = open.some((index, at) => (parts[at] ?? 0) > (capacities[index] ?? 0));
    if (!over) return { shares: settle(shares, open, parts), last };
    for (const index of full) {
      shares[index] = capacities[index] ?? 0;
      rest -= capacities[index] ?? 0;
    }
    open = open.filter((index) => !full.includes(index));
  }
  return { shares, last: { total: 0, open: [] } };
}

/** Of a split, what each line got beyond its rounded part: the cents that the strategy places. */
export function residualCents(
  { total, weights }: Pick<BoundedSplit, 'total' | 'weights'>,
  shares: readonly number[],
  residual: Residual,
): number[] {
  const whole = weights.reduce((soFar, weight) => soFar + weight, 0);
  const rounding = ROUNDED_FIRST[residual];
  return shares.map((share, at) => share - mulDiv(total, weights[at] ?? 0, whole, rounding));
}

/** How each strategy rounds a share before it places what is left. */
const ROUNDED_FIRST: Readonly<Record<Residual, Rounding>> = {
  'largest-remainder': 'floor',
  'half-down-first': 'half-down',
  'floor-first': 'floor',
  'floor-last': 'floor',
  'half-up-last': 'half-up',
  cumulative: 'floor',
};

function weightsOf(open: readonly number[], weights: readonly number[]): number[] {
  return open.map((index) => weights[index] ?? 0);
}

function settle(shares: number[], open: readonly number[], parts: readonly number[]): number[] {
  open.forEach((index, at) => {
    shares[index] = parts[at] ?? 0;
  });
  return shares;
}

/**
 * Takes shares down so that they sum to `allowed`, in proportion to what they were. A share
 * never grows, because it is its own capacity.
 */
export function shrink(shares: readonly number[], allowed: number, residual: Residual): number[] {
  const total = shares.reduce((soFar, share) => soFar + share, 0);
  if (total <= allowed) return [...shares];
  return prorateWithin({ total: allowed, weights: shares, capacities: shares }, residual);
}
