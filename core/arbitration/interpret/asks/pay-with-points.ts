import { percentOff, percentOffTotal } from '../../../rules/benefits/discount.ts';
import { moneyForPoints } from '../../../rules/benefits/pay-with-points.ts';
import { pointTypeOf } from '../case.ts';
import type { Asking } from './asking.ts';
import { timesOf, weightsOf } from './basket.ts';

/** A discount in points. What points pay is settled after the tree. */
export const payWithPoints: Asking<'pay-with-points'> = {
  split: (benefit, basket) => {
    const { value } = benefit;
    if (value.by === 'percent') return undefined;
    const type = pointTypeOf(basket.at, benefit.type);
    const amount = value.by === 'points' ? moneyForPoints(value.points, type) : value.amount;
    const total = amount * timesOf(benefit, basket.selection);
    return { total, weights: weightsOf(basket) };
  },
  line: ({ value }, portion, { basket }) =>
    value.by === 'percent' ? percentOff(portion, value.percent, basket.at.money) : 0,
  order: ({ value }, total, { at }) =>
    value.by === 'percent' ? percentOffTotal(total, value.percent, at.money) : 0,
};
