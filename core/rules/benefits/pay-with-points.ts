import { must } from '../../assert.ts';
import { mulDiv } from '../../money/rounding.ts';
import { minorUnits, points } from '../../money/units.ts';
import type { PayWithPointsBenefit } from '../benefit.ts';
import type { PlaceFacts } from '../facts.ts';
import type { NormalPointType } from '../normal.ts';
import { type Scales, steps } from '../normalise/scale.ts';
import { decimal, id, money, percent, word } from '../shape/scalars.ts';
import { type Decoded, defaulted, optional } from '../shape/structures.ts';
import { defineBenefit, percentText } from './definition.ts';

/** `pay-with-points` and the member's own wish: points that stand in for money. */

type Worth = Pick<NormalPointType, 'ratio'>;

/** What points are worth, rounded down to a minor unit: nobody pays with a part of a cent. */
export function moneyForPoints(points: number, { ratio }: Worth): number {
  return mulDiv(points, ratio.money, ratio.points, 'floor');
}

/** Points charged for an amount, rounded up: the programme never gives a part of a point away. */
export function pointsForMoney(amount: number, { ratio }: Worth): number {
  return mulDiv(amount, ratio.points, ratio.money, 'ceil');
}

/** The point type with its worth in the currency of the place: the same worth, by its rate. */
export function worthAt(
  { currency }: Pick<PlaceFacts, 'currency'>,
  type: NormalPointType,
): NormalPointType {
  if (currency === undefined) return type;
  const { numerator, denominator } = currency.rate;
  const ratio = {
    points: points(type.ratio.points * denominator),
    money: minorUnits(type.ratio.money * numerator),
  };
  return { ...type, ratio };
}

const fields = {
  percent: optional(percent, 'so much of the price'),
  amount: optional(money, 'so many minor units'),
  points: optional(decimal, 'so many points'),
  as: defaulted(word(['payment', 'discount']), 'payment', 'a payment, or a discount in points'),
  type: optional(id, 'the point type; default the first standard type'),
};

export const payWithPoints = defineBenefit({
  kind: 'pay-with-points',
  summary: 'pays a part with points',
  plain: 'percent',
  oneOf: ['percent', 'amount', 'points'],
  fields,
  normal: (given, base, { scales }) => {
    const type = given.type ?? scales.defaultType;
    const asDiscount = given.as === 'discount';
    return {
      ...base,
      kind: 'pay-with-points',
      type,
      asDiscount,
      value: normalValue(given, scales),
    };
  },
  describe: ({ value, type, asDiscount }) =>
    `${describeValue(value)} of ${type}${asDiscount ? ' as discount' : ''}`,
});

function normalValue(given: Decoded<typeof fields>, scales: Scales): PayWithPointsBenefit['value'] {
  const { percent: share, amount } = given;
  if (share !== undefined) return { by: 'percent', percent: share };
  if (amount !== undefined) return { by: 'amount', amount };
  const precision = scales.precisionOf(given.type ?? scales.defaultType);
  return { by: 'points', points: steps(must(given.points, 'decode found points'), precision) };
}

function describeValue(value: PayWithPointsBenefit['value']): string {
  if (value.by === 'percent') return percentText(value.percent);
  return value.by === 'amount' ? String(value.amount) : `${value.points} steps`;
}
