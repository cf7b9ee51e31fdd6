import { fact } from '../definition.ts';

/** Re-tested as prices fall: sees the discounts that went before. */
export const currentTotal = fact({
  name: 'total.current',
  type: 'money',
  summary: 'goods after the discounts so far, without delivery',
  read: (facts) => facts.currentTotal,
});
