import { fact } from '../definition.ts';

export const quantity = fact({
  name: 'quantity',
  type: 'units',
  summary: 'units of all lines together',
  cost: 3,
  read: (facts) => facts.lines.reduce((sum, { line }) => sum + line.quantity, 0),
});
