import { type FactDefinition, FIELD_NAME } from '../definition.ts';

export const memberFields: FactDefinition = {
  name: 'member.fields.',
  parameter: FIELD_NAME,
  type: 'field',
  many: false,
  summary: 'a free attribute of the member',
  cost: 1,
  reader: (name) => (facts) => facts.input.member?.fields.get(name),
};
