import { type FactDefinition, FIELD_NAME } from '../definition.ts';

export const eventFields: FactDefinition = {
  name: 'event.',
  parameter: FIELD_NAME,
  type: 'field',
  many: false,
  summary: 'the type (`event.type`) or a field of the event that started a trigger',
  cost: 1,
  reader: (name) => (facts) => facts.event?.get(name),
};
