import { lineFact } from '../../conditions/definition.ts';

export const discounted = lineFact({
  name: 'discounted',
  type: 'flag',
  summary: 'true when an earlier promotion lowered the price of the line',
  read: ({ line, net }) => net < line.gross,
});
