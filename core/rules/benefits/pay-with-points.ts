import { mulDiv } from '../../money/rounding.ts';
import { minorUnits, points } from '../../money/units.ts';
import type { PlaceFacts } from '../facts.ts';
import type { NormalPointType } from '../normal.ts';

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
