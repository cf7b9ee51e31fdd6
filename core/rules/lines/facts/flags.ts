import { lineFact } from '../../conditions/definition.ts';

export const flags = lineFact({
  name: 'flags',
  type: 'text',
  many: true,
  summary: 'the flags of the line',
  read: ({ line }) => line.flags,
});
