import { fact } from '../definition.ts';

export const codes = fact({
  name: 'codes',
  type: 'text',
  many: true,
  summary: 'the codes presented with the checkout',
  read: (facts) => facts.input.checkout.codes,
});
