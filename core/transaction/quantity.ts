import { type MinorUnits, minorUnits, type Thousandths, thousandths } from '../money/units.ts';

/**
 * A quantity as thousandths, exactly: 40.125 or "40.125" becomes 40 125. Undefined when the
 * value is no plain decimal with at most three places; the range is the caller's business.
 */
export function toThousandths(value: number | string): Thousandths | undefined {
  const scaled = typeof value === 'number' ? scaleNumber(value) : scaleText(value);
  return scaled === undefined ? undefined : thousandths(scaled);
}

/** Gross of a line: price × quantity / 1000, rounded half up. Undefined beyond 2^53. */
export function grossOf(price: MinorUnits, quantity: Thousandths): MinorUnits | undefined {
  const product = price * quantity;
  if (product > Number.MAX_SAFE_INTEGER - 500) return grossOfLarge(price, quantity);
  if (quantity % 1_000 === 0) return minorUnits(product / 1_000);
  const rounded = product + 500;
  return minorUnits((rounded - (rounded % 1_000)) / 1_000);
}

function grossOfLarge(price: number, quantity: number): MinorUnits | undefined {
  const gross = (BigInt(price) * BigInt(quantity) + 500n) / 1_000n;
  return gross > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : minorUnits(Number(gross));
}

function scaleNumber(value: number): number | undefined {
  if (Number.isInteger(value)) {
    const scaled = value * 1_000;
    return Number.isSafeInteger(scaled) ? scaled : undefined;
  }
  const scaled = Math.round(value * 1_000);
  // Division is correctly rounded, so this holds exactly for decimals with three places.
  return Number.isSafeInteger(scaled) && scaled / 1_000 === value ? scaled : undefined;
}

const DECIMAL = /^-?\d{1,12}(?:\.\d{1,3})?$/;

function scaleText(text: string): number | undefined {
  if (text.length > 17 || !DECIMAL.test(text)) return undefined;
  const dot = text.indexOf('.');
  if (dot < 0) return Number(text) * 1_000;
  const fraction = text.slice(dot + 1).padEnd(3, '0');
  return Number(text.slice(0, dot) + fraction);
}
