import { FIELD_NAME, type LineFactDefinition } from '../../conditions/definition.ts';

export const fields: LineFactDefinition = {
  name: 'fields.',
  parameter: FIELD_NAME,
  type: 'field',
  many: false,
  summary: 'a free attribute of the line',
  cost: 1,
  reader: (name) => (line) => line.line.fields.get(name),
};
