import type { Decision } from '../arbitration/decision.ts';
import type { Checkout } from '../transaction/transaction.ts';

/** A sale as far as a return has to know it. */
export interface SoldShares {
  readonly checkout: Checkout;
  readonly decision: Decision;
}

/**
 * What of a sale's benefits still stands after so much of it came back. A return takes back the
 * difference of two of these; nothing stands once all is back. So any steps in any order sum to
 * the mirror of the sale (003-77), whatever decided about the steps in between.
 */
export interface Standing {
  /** By line. */
  readonly discounts: readonly number[];
  /** By the sale's accruals. */
  readonly accruals: readonly number[];
  /** By the sale's contributions of partners. */
  readonly contributions: readonly number[];
}

/** The part of a line's share that is left: the share less `⌊share × returned ÷ bought⌋`. */
export function leftOf(sold: SoldShares, returned: readonly number[]) {
  return (share: number, line: number): number => {
    const bought = sold.checkout.lines[line]?.quantity ?? 1;
    return share - mulDivFloor(share, returned[line] ?? 0, bought);
  };
}

/** Policy `keep`: every unit has its frozen shares, and they go with it. */
export function frozenStanding(sold: SoldShares, returned: readonly number[]): Standing {
  const left = leftOf(sold, returned);
  const { lines, accruals, contributions } = sold.decision;
  return {
    discounts: lines.map((line, index) => left(line.discount, index)),
    accruals: accruals.map(({ shares }) => sum(shares.map(left))),
    contributions: contributions.map(({ promotion, amount }) => {
      const given = lines.map((line) => grantedBy(promotion, line.awards));
      const atDelivery = grantedBy(promotion, sold.decision.deliveryAwards);
      // Delivery was one service for all of it: its part stands until the last piece is back.
      const total = sum(given) + atDelivery;
      const open = sum(given.map(left)) + (isBack(sold, returned) ? 0 : atDelivery);
      return total === 0 ? 0 : amount - mulDivFloor(amount, total - open, total);
    }),
  };
}

/** Nothing stands. */
export function nothingStanding(sold: SoldShares): Standing {
  const { lines, accruals, contributions } = sold.decision;
  return {
    discounts: lines.map(() => 0),
    accruals: accruals.map(() => 0),
    contributions: contributions.map(() => 0),
  };
}

/** Everything stands, as on the day of the sale. */
export function allStanding(sold: SoldShares): Standing {
  const { lines, accruals, contributions } = sold.decision;
  return {
    discounts: lines.map(({ discount }) => discount),
    accruals: accruals.map(({ shares }) => sum(shares)),
    contributions: contributions.map(({ amount }) => amount),
  };
}

/** True when every line is back as a whole. */
export function isBack(sold: SoldShares, returned: readonly number[]): boolean {
  return sold.checkout.lines.every((line, index) => returned[index] === line.quantity);
}

/** What one promotion gave, over all its benefits. */
export function grantedBy(
  promotion: string,
  awards: readonly { readonly promotion: string; readonly applied: number }[],
): number {
  let total = 0;
  for (const award of awards) if (award.promotion === promotion) total += award.applied;
  return total;
}

/** `⌊a × b ÷ c⌋` without losing digits beyond 2^53. `a` ≥ 0, 0 ≤ `b` ≤ `c`. */
export function mulDivFloor(a: number, b: number, c: number): number {
  if (b === c) return a;
  if (b === 0) return 0;
  const product = a * b;
  if (Number.isSafeInteger(product)) return Math.floor(product / c);
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
