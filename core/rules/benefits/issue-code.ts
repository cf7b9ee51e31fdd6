import { id } from '../shape/scalars.ts';
import { defaulted, required } from '../shape/structures.ts';
import { parseTemplate } from '../template.ts';
import { defineBenefit } from './definition.ts';
import { template } from './text.ts';

/** `issue-code`: a promo code for the member, drawn from a pool once the decision stands. */
export const issueCode = defineBenefit({
  kind: 'issue-code',
  summary: 'draws a code from a pool',
  plain: 'pool',
  fields: {
    pool: required(id, 'where the code is drawn from'),
    message: defaulted(template, '', 'what to say with it, {code} included'),
  },
  normal: ({ pool, message }, base, { constants }) => ({
    ...base,
    kind: 'issue-code',
    pool,
    message: parseTemplate(message, constants),
  }),
  describe: ({ pool }) => `from ${pool}`,
});
