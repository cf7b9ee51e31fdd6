import { fact } from '../definition.ts';

export const store = fact({
  name: 'store',
  type: 'text',
  summary: 'the store of the checkout',
  read: (facts) => facts.place.store,
});
