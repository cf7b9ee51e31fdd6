import { type Rounding, roundBig, roundQuotient, roundRatio } from '../../money/rounding.ts';
import type { Settings } from '../normal.ts';

/** The settings that decide how money and points are rounded, with the currency's decimals. */
export interface MoneyRules {
  readonly rounding: Rounding;
  readonly roundPer: Settings['roundPer'];
  readonly pointsRounding: Settings['pointsRounding'];
  readonly residual: Settings['residual'];
  /** Minor units in a major one: 100 for cents. */
  readonly major: number;
}

/** The part of a line that a benefit acts on: so many of its units, at the present subtotal. */
export interface Portion {
  readonly net: number;
  /** Thousandths selected, at most `quantity`. */
  readonly units: number;
  readonly quantity: number;
}

/** What the selected units cost now, to the nearest minor unit. */
export function moneyOf({ net, units, quantity }: Portion): number {
  if (units === quantity) return net;
  return roundRatio({ a: net, b: units, c: 1, d: quantity, e: 1 }, 'half-up');
}

/** The subtotal of a line once its selected units cost `unitPrice` each; rounded once. */
export function withUnitPrice(portion: Portion, unitPrice: number, rounding: Rounding): number {
  const { net, units, quantity } = portion;
  if (units === quantity)
    return roundRatio({ a: unitPrice, b: units, c: 1, d: 1000, e: 1 }, rounding);
  const untouched = net * (quantity - units) * 1000;
  const changed = unitPrice * units * quantity;
  if (untouched + Math.abs(changed) <= Number.MAX_SAFE_INTEGER) {
    return roundQuotient(untouched + changed, quantity * 1000, rounding);
  }
  const exact =
    BigInt(net) * BigInt(quantity - units) * 1000n +
    BigInt(unitPrice) * BigInt(units) * BigInt(quantity);
  return roundBig(exact, BigInt(quantity) * 1000n, rounding);
}

/** The most that a line's selected units may lose when the whole line may lose `capacity`. */
export function bearableBy(portion: Portion, capacity: number): number {
  const { units, quantity } = portion;
  if (units === quantity) return capacity;
  return roundRatio({ a: capacity, b: units, c: 1, d: quantity, e: 1 }, 'ceil');
}
