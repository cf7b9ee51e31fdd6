import { lineFact } from '../../conditions/definition.ts';

export const sku = lineFact({
  name: 'sku',
  type: 'text',
  summary: 'the article number',
  read: ({ line }) => line.sku,
});
