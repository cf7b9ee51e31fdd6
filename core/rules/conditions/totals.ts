import { fact } from './definition.ts';

/** Ignores every discount: a threshold on what was put into the basket. */
export const initialTotal = fact({
  name: 'total.initial',
  type: 'money',
  summary: 'goods before all discounts, without delivery',
  read: (facts) => facts.initialTotal,
});

/** Re-tested as prices fall: sees the discounts that went before. */
export const currentTotal = fact({
  name: 'total.current',
  type: 'money',
  summary: 'goods after the discounts so far, without delivery',
  read: (facts) => facts.currentTotal,
});

export const quantity = fact({
  name: 'quantity',
  type: 'units',
  summary: 'units of all lines together',
  cost: 3,
  read: (facts) => facts.lines.reduce((sum, { line }) => sum + line.quantity, 0),
});
