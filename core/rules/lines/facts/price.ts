import { lineFact } from '../../conditions/definition.ts';

export const price = lineFact({
  name: 'price',
  type: 'money',
  summary: 'the unit price before discounts',
  read: ({ line }) => line.price,
});
