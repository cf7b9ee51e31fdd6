import { type FactDefinition, FIELD_NAME, fact } from './definition.ts';

export const channel = fact({
  name: 'channel',
  type: 'text',
  summary: 'the sales channel of the checkout',
  read: (facts) => facts.input.checkout.channel,
});

export const codes = fact({
  name: 'codes',
  type: 'text',
  many: true,
  summary: 'the codes presented with the checkout',
  read: (facts) => facts.input.checkout.codes,
});

export const tender = fact({
  name: 'tender',
  type: 'text',
  summary: 'how the checkout is paid',
  read: (facts) => facts.input.checkout.tender,
});

export const checkoutFields: FactDefinition = {
  name: 'fields.',
  parameter: FIELD_NAME,
  type: 'field',
  many: false,
  summary: 'a free attribute of the checkout',
  cost: 1,
  reader: (name) => (facts) => facts.input.checkout.fields.get(name),
};

export const eventFields: FactDefinition = {
  name: 'event.',
  parameter: FIELD_NAME,
  type: 'field',
  many: false,
  summary: 'the type (`event.type`) or a field of the event that started a trigger',
  cost: 1,
  reader: (name) => (facts) => facts.event?.get(name),
};
