import { lineFact } from '../../conditions/definition.ts';

export const total = lineFact({
  name: 'total',
  type: 'money',
  summary: 'price times quantity before discounts',
  read: ({ line }) => line.gross,
});
