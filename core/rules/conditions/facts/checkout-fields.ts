import { type FactDefinition, FIELD_NAME } from '../definition.ts';

export const checkoutFields: FactDefinition = {
  name: 'fields.',
  parameter: FIELD_NAME,
  type: 'field',
  many: false,
  summary: 'a free attribute of the checkout',
  cost: 1,
  reader: (name) => (facts) => facts.input.checkout.fields.get(name),
};
