import { mulDiv } from '../../../money/rounding.ts';
import { amountPerUnit, percentOff, percentOffTotal } from '../../../rules/benefits/discount.ts';
import { sum } from '../state.ts';
import type { Asking } from './asking.ts';
import { timesOf, unitWeights, weightsOf } from './basket.ts';

export const discount: Asking<'discount'> = {
  split: (benefit, basket) => {
    const { value } = benefit;
    if (value.by !== 'amount') return undefined;
    const total = value.amount * timesOf(benefit, basket.selection);
    if (value.per === 'split-quantity') return { total, weights: unitWeights(basket) };
    return value.per === 'split-amount' ? { total, weights: weightsOf(basket) } : undefined;
  },
  line: (benefit, portion, { basket: { at, selection } }) => {
    const { value } = benefit;
    if (value.by === 'percent') return percentOff(portion, value.percent, at.money);
    const amount = value.amount * timesOf(benefit, selection);
    return value.per === 'unit' ? amountPerUnit(portion, amount, at.money) : amount;
  },
  order: (benefit, total, { at, selection }) => {
    const { value } = benefit;
    if (value.by === 'percent') return percentOffTotal(total, value.percent, at.money);
    const amount = value.amount * timesOf(benefit, selection);
    return value.per === 'unit' ? mulDiv(amount, sum(selection.units), 1000, 'half-up') : amount;
  },
  delivery: (benefit, price, { at, selection }) => {
    const { value } = benefit;
    if (value.by === 'percent') return percentOffTotal(price, value.percent, at.money);
    return value.amount * timesOf(benefit, selection);
  },
};
