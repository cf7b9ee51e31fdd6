import { lineFact } from '../../conditions/definition.ts';

export const quantity = lineFact({
  name: 'quantity',
  type: 'units',
  summary: 'the units of the line',
  read: ({ line }) => line.quantity,
});
