import { fact } from '../definition.ts';

export const partner = fact({
  name: 'partner',
  type: 'text',
  summary: 'the partner of the checkout, else of its store',
  read: (facts) => facts.place.partner,
});
