import { lineFact } from '../../conditions/definition.ts';

export const category = lineFact({
  name: 'category',
  type: 'text',
  many: true,
  summary: 'the categories of the product',
  read: ({ line }) => line.category,
});
