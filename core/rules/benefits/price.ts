import { must } from '../../assert.ts';
import { mulDiv } from '../../money/rounding.ts';
import { minorUnits } from '../../money/units.ts';
import type { FieldValue } from '../../transaction/transaction.ts';
import type { PriceBenefit } from '../benefit.ts';
import { MILLION } from '../normal.ts';
import { factor, fixedPoint, flag, id, money } from '../shape/scalars.ts';
import { type Decoded, defaulted, optional } from '../shape/structures.ts';
import { defineBenefit } from './definition.ts';
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

const signedMoney = fixedPoint({ places: 0, min: -1_000_000_000_000, max: 1_000_000_000_000 });

const fields = {
  amount: optional(money, 'the new unit price'),
  field: optional(id, 'the field of the line that holds the new unit price'),
  factor: optional(factor, 'the field times this; default 1'),
  plus: optional(signedMoney, 'and this added; default 0'),
  allowIncrease: defaulted(flag, false, 'may the price rise?'),
};

export const price = defineBenefit({
  kind: 'price',
  summary: 'sets a new unit price',
  plain: 'amount',
  oneOf: ['amount', 'field'],
  fields,
  normal: (given, base) => ({
    ...base,
    kind: 'price',
    allowIncrease: given.allowIncrease,
    value: normalValue(given),
  }),
  describe: ({ value }) =>
    value.by === 'amount'
      ? String(value.amount)
      : `${value.field} × ${value.factor / MILLION} + ${value.plus}`,
});

function normalValue(given: Decoded<typeof fields>): PriceBenefit['value'] {
  if (given.amount !== undefined) return { by: 'amount', amount: given.amount };
  return {
    by: 'field',
    field: must(given.field, 'decode found a field'),
    factor: given.factor ?? MILLION,
    plus: minorUnits(given.plus ?? 0),
  };
}
