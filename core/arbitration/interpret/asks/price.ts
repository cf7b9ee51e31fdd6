import type { PriceBenefit } from '../../../rules/benefit.ts';
import { fallTo, newUnitPrice } from '../../../rules/benefits/price.ts';
import type { Asking } from './asking.ts';

export const price: Asking<'price'> = {
  line: (benefit, portion, { line, basket }) => {
    const { value } = benefit;
    const { money } = basket.at;
    const field = value.by === 'field' ? line.fields.get(value.field) : undefined;
    const unitPrice = newUnitPrice(value, field, money);
    return unitPrice === undefined ? 0 : unlessRising(benefit, fallTo(portion, unitPrice, money));
  },
  order: toAmount,
  delivery: toAmount,
};

/** A whole order or the delivery has no fields, so only an amount says anything about it. */
function toAmount(benefit: PriceBenefit, present: number): number {
  return benefit.value.by === 'amount' ? unlessRising(benefit, present - benefit.value.amount) : 0;
}

function unlessRising({ allowIncrease }: PriceBenefit, fall: number): number {
  return fall < 0 && !allowIncrease ? 0 : fall;
}
