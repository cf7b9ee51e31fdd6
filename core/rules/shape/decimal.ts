/** An exact decimal: `digits / 10^places`. `digits` is a safe integer. */
export interface Decimal {
  readonly digits: number;
  readonly places: number;
}

const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,3}))?$/;
/** No decimal of a rule set needs more places: points have at most seven. */
const PLACES_MAX = 12;

/** Reads a number or a decimal string exactly, as it was written. `undefined` when it is none. */
export function parseDecimal(value: unknown): Decimal | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const match = DECIMAL.exec(String(value));
  if (match === null) return undefined;

  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  return trimmed({
    sign: sign === '-' ? -1 : 1,
    digits: whole + fraction,
    places: fraction.length - Number(exponent),
  });
}

function trimmed(raw: { sign: number; digits: string; places: number }): Decimal | undefined {
  let { digits, places } = raw;
  while (places > 0 && digits.endsWith('0') && digits.length > 1) {
    digits = digits.slice(0, -1);
    places -= 1;
  }
  if (/^0+$/.test(digits)) return { digits: 0, places: 0 };
  if (places < 0) {
    digits += '0'.repeat(Math.min(-places, 30));
    places = 0;
  }
  const value = Number(digits);
  if (places > PLACES_MAX || !Number.isSafeInteger(value)) return undefined;
  return { digits: raw.sign * value, places };
}

/** The decimal in units of `10^-places`; `undefined` when it has more places or is too large. */
export function scaled(decimal: Decimal, places: number): number | undefined {
  if (decimal.places > places) return undefined;
  const value = decimal.digits * 10 ** (places - decimal.places);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** For messages. */
export function decimalText(decimal: Decimal): string {
  return String(decimal.digits / 10 ** decimal.places);
}
