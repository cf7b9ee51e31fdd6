import { fact } from '../definition.ts';

/** Ignores every discount: a threshold on what was put into the basket. */
export const initialTotal = fact({
  name: 'total.initial',
  type: 'money',
  summary: 'goods before all discounts, without delivery',
  read: (facts) => facts.initialTotal,
});
