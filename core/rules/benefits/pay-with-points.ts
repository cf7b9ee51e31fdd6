import { mulDiv } from '../../money/rounding.ts';
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
