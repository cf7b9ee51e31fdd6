import { must } from '../../assert.ts';
import { mulDiv, roundRatio } from '../../money/rounding.ts';
import type { BenefitBase, DiscountBenefit } from '../benefit.ts';
import { MILLION, type Millionths } from '../normal.ts';
import { money, percent, word } from '../shape/scalars.ts';
import { type Decoded, optional } from '../shape/structures.ts';
import { defineBenefit, percentText } from './definition.ts';
import { type MoneyRules, type Portion, withUnitPrice } from './portion.ts';

/**
 * `discount`: a percentage or an amount off. All results are what is asked for; what a line can
 * bear is decided afterwards, so that the lost part can be told.
 */

/** A percentage off the selected units. The rounding is of the price that remains (K2). */
export function percentOff(portion: Portion, percent: Millionths, rules: MoneyRules): number {
  const { net, units, quantity } = portion;
  // Rounding single units up could lift the whole line, which a discount never does.
  if (rules.roundPer === 'unit') return Math.max(0, net - unitWisePrice(portion, percent, rules));
  if (units === quantity) return percentOffTotal(net, percent, rules);
  const common = greatestCommonDivisor(units, quantity);
  const whole = (quantity / common) * MILLION;
  const left = whole - (units / common) * percent;
  return net - mulDiv(net, left, whole, rules.rounding);
}

/** A percentage off one amount. */
export function percentOffTotal(total: number, percent: Millionths, rules: MoneyRules): number {
  return total - mulDiv(total, MILLION - percent, MILLION, rules.rounding);
}

function unitWisePrice(portion: Portion, percent: Millionths, rules: MoneyRules): number {
  const { net, quantity } = portion;
  const ratio = { a: net, b: MILLION - percent, c: 1, d: quantity, e: MILLION / 1000 };
  return withUnitPrice(portion, roundRatio(ratio, rules.rounding), rules.rounding);
}

/** So much off each unit; a part of a unit counts as its part. */
export function amountPerUnit(portion: Portion, amount: number, rules: MoneyRules): number {
  const { net, units } = portion;
  if (units % 1000 === 0) return amount * (units / 1000);
  return (
    net - roundRatio({ a: net * 1000 - amount * units, b: 1, c: 1, d: 1000, e: 1 }, rules.rounding)
  );
}

function greatestCommonDivisor(one: number, two: number): number {
  let [a, b] = [one, two];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

const fields = {
  percent: optional(percent, 'percent of the price'),
  amount: optional(money, 'minor units'),
  per: optional(
    word(['subtotal', 'unit', 'split-amount', 'split-quantity']),
    'off each line or unit, or divided over them; default subtotal, of the order split-amount',
  ),
};

export const discount = defineBenefit({
  kind: 'discount',
  summary: 'lowers prices by a percentage or an amount',
  plain: 'percent',
  oneOf: ['percent', 'amount'],
  fields,
  normal: (given, base) => ({ ...base, kind: 'discount', value: normalValue(given, base.target) }),
  describe: ({ value }) =>
    value.by === 'percent' ? percentText(value.percent) : `${value.amount} per ${value.per}`,
});

function normalValue(
  given: Decoded<typeof fields>,
  target: BenefitBase['target'],
): DiscountBenefit['value'] {
  if (given.percent !== undefined) return { by: 'percent', percent: given.percent };
  const per = given.per ?? (target === 'lines' ? 'subtotal' : 'split-amount');
  return { by: 'amount', amount: must(given.amount, 'decode found an amount'), per };
}
