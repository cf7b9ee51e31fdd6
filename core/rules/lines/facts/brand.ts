import { lineFact } from '../../conditions/definition.ts';

export const brand = lineFact({
  name: 'brand',
  type: 'text',
  summary: 'the brand of the product',
  read: ({ line }) => line.brand,
});
