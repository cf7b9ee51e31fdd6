import { mulDiv } from '../../money/rounding.ts';
import type { FieldValue } from '../../transaction/transaction.ts';
import type { PriceBenefit } from '../benefit.ts';
import { MILLION } from '../normal.ts';
import { type MoneyRules, type Portion, withUnitPrice } from './portion.ts';

/** `price`: a new unit price, given or taken from a field of the line. */

/** The unit price a benefit sets; `undefined` when the line lacks the field or it is no number. */
export function newUnitPrice(
  value: PriceBenefit['value'],
  field: FieldValue | undefined,
  rules: MoneyRules,
): number | undefined {
  if (value.by === 'amount') return value.amount;
  if (typeof field !== 'number' || !Number.isSafeInteger(field) || field < 0) return undefined;
  return Math.max(0, mulDiv(field, value.factor, MILLION, rules.rounding) + value.plus);
}

/** How far the line falls when its selected units cost `unitPrice`; negative when it rises. */
export function fallTo(portion: Portion, unitPrice: number, rules: MoneyRules): number {
  return portion.net - withUnitPrice(portion, unitPrice, rules.rounding);
}
