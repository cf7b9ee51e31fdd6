import { mulDiv, roundRatio } from '../../money/rounding.ts';
import type { FieldValue } from '../../transaction/transaction.ts';
import type { PointsBenefit } from '../benefit.ts';
import type { MoneyRules } from './portion.ts';

/** `points`: what a member earns, from the money that was paid or as a fixed number. */

/** Fields are decimals of at most this many places. */
const FIELD_SCALE = 1_000_000;

type Value = PointsBenefit['value'];

/** Points for a base of money. A field is per line and not meant here. */
export function pointsFor(value: Value, base: number, rules: MoneyRules): number {
  switch (value.by) {
    case 'fixed':
      return value.points;
    case 'range':
      return value.from;
    case 'rate':
      return mulDiv(base, value.rate.numerator, value.rate.denominator, rules.pointsRounding);
    case 'every':
      return value.continuous
        ? mulDiv(base, value.points, value.spend, rules.pointsRounding)
        : Math.floor(base / value.spend) * value.points;
    case 'field':
      return 0;
  }
}

/** Points that a line's own field grants for its units; nothing when it is not a number. */
export function pointsFromField(
  field: FieldValue | undefined,
  units: number,
  rules: MoneyRules & { readonly step: number },
): number {
  if (typeof field !== 'number' || !(field > 0)) return 0;
  const scaled = Math.round(field * FIELD_SCALE);
  if (!Number.isSafeInteger(scaled)) return 0;
  return roundRatio(
    { a: scaled, b: units, c: rules.step, d: FIELD_SCALE, e: 1000 },
    rules.pointsRounding,
  );
}
