import { lineFact } from '../../conditions/definition.ts';

export const partner = lineFact({
  name: 'partner',
  type: 'text',
  summary: 'the partner that sells the line',
  read: ({ line }) => line.partner,
});
