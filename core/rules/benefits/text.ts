import { text as textShape } from '../shape/scalars.ts';
import { required } from '../shape/structures.ts';
import { parseTemplate } from '../template.ts';
import { defineBenefit } from './definition.ts';

/** Characters of a template. */
const TEMPLATE_MAX = 1_000;
export const template = textShape({ max: TEMPLATE_MAX });

/** `text`: something to say to the member, on the receipt or in the app. */
export const text = defineBenefit({
  kind: 'text',
  summary: 'shows a text',
  plain: 'template',
  fields: { template: required(template, 'what to say, with variables such as {member.id}') },
  normal: (given, base, { constants }) => ({
    ...base,
    kind: 'text',
    template: parseTemplate(given.template, constants),
  }),
  describe: () => 'from a template',
});
